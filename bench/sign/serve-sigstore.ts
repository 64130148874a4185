// A local Sigstore in a process of its own, as servers are: prints one line of JSON, ends with its input.
import { startSigstore } from '@slipway/rehearsal/sigstore';

const sigstore = await startSigstore();
const { signingConfig, signingConfigV2, trustedRoot, tokenRequest, issuer } = sigstore;
process.stdout.write(
	`${JSON.stringify({ signingConfig, signingConfigV2, trustedRoot, tokenRequest, issuer })}\n`,
);
process.stdin.resume().once('end', () => process.exit(0));
