import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';

/** The identity that the certificates of the local services name by default. */
const IDENTITY = 'https://github.com/example/greet/.github/workflows/release.yml@refs/tags/v1.0.0';

/** What a user demands of a Release: everything that a release leaves. */
const REQUIRE = {
	attestations: ['provenance', 'sbom-cyclonedx', 'sbom-spdx', 'release', 'stage', 'vsa'],
	stages: ['build', 'sbom', 'sign', 'gate', 'plan', 'publish'],
};

/** A certificate authority, a log and a timestamp authority of one world, and the files that a project names them by. */
export interface SigningServices {
	readonly sigstore: LocalSigstore;
	/** `sign:` of slipway.yml. */
	readonly config: object;
	/** slipway.policy.yml: exactly one identity may sign. */
	readonly policy: object;
	readonly trustedRootFile: string;
	readonly tokenFile: string;
	/** Good for a day. */
	readonly token: string;
}

/** Starts services of one's own, and writes what names them into the base folder. */
export const startSigning = async (base: string): Promise<SigningServices> => {
	const sigstore = await startSigstore();
	const [services, trustedRootFile, tokenFile] = ['services.json', 'trusted-root.json', 'token'].map((name) =>
		join(base, name),
	) as [string, string, string];
	const token = sigstore.token({ exp: Math.floor(Date.now() / 1000) + 86_400 });
	await writeFile(services, JSON.stringify(sigstore.signingConfig));
	await writeFile(trustedRootFile, JSON.stringify(sigstore.trustedRoot));
	await writeFile(tokenFile, token, { mode: 0o600 });
	return {
		sigstore,
		config: { services, 'trusted-root': trustedRootFile, identity: { file: tokenFile } },
		policy: {
			policy: 1,
			signers: [{ name: 'release workflow', issuer: sigstore.issuer, identity: IDENTITY }],
			require: REQUIRE,
		},
		trustedRootFile,
		tokenFile,
		token,
	};
};
