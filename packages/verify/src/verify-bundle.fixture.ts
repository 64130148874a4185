import { createHash } from 'node:crypto';
import { PREDICATE_TYPES, type Statement, toStatement } from '@slipway/core/attestation';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';
import type { LocalSigstore } from '@slipway/rehearsal/sigstore';
import { openTrust, type Trust } from './index.ts';

export const ARTIFACT = new TextEncoder().encode('the bytes of greet 1.0.0');
export const DIGEST = { sha256: createHash('sha256').update(ARTIFACT).digest('hex') };
export const OTHER_DIGEST = { sha256: createHash('sha256').update('other bytes').digest('hex') };

export const toProvenance = (digest: { readonly sha256: string } = DIGEST): Statement =>
	toStatement(PREDICATE_TYPES.provenance, [{ name: 'greet-1.0.0.tgz', digest }], {
		buildDefinition: { buildType: 'https://example.com/build/v1' },
	});

export const WORKFLOW = 'https://github.com/example/greet/.github/workflows/release.yml';
export const REF = 'refs/tags/v1.0.0';
export const IDENTITY = `${WORKFLOW}@${REF}`;
export const clock = { now: (): number => Date.now() };

/** A policy from its parts, through the parser. */
export const toPolicy = (signers: readonly object[], rest: object = {}): PinnedPolicy =>
	parsePolicy(new TextEncoder().encode(JSON.stringify({ policy: 1, signers, ...rest })));

export const toSigner = (sigstore: LocalSigstore, more: object = {}): object => ({
	name: 'release workflow',
	issuer: sigstore.issuer,
	identity: IDENTITY,
	...more,
});

export const openLocalTrust = (sigstore: LocalSigstore): Promise<Trust> =>
	openTrust({ trustedRoot: new TextEncoder().encode(JSON.stringify(sigstore.trustedRoot)), clock });
