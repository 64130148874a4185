import { toMessage } from '@slipway/core';
import type { BundleRequest, VerifiedAttestation } from '../attestation.ts';
import { verifyBundle } from '../verify-bundle.ts';
import type { Evidence } from './evidence.ts';
import { type BundleRole, toBundleRole } from './place.ts';
import { type LinkProblem, toProblem } from './problem.ts';

/** A bundle of a Release whose signature was verified, with what its name says it is for. */
export interface BundleLink extends BundleRole {
	readonly path: string;
	readonly attestation: VerifiedAttestation;
}

type Request = Omit<BundleRequest, 'subject' | 'kinds'>;

const verifyOne = (path: string, bytes: Uint8Array, request: Request): BundleLink | LinkProblem => {
	const role = toBundleRole(path);
	if (!role) return toProblem('VERIFY_CHAIN_UNKNOWN', path, 'is no attestation that a stage writes');
	try {
		const attestation = verifyBundle(bytes, { ...request, kinds: [role.kind] });
		if (attestation.kind === role.kind) return { ...role, path, attestation };
		return toProblem(
			'VERIFY_CHAIN_MISMATCH',
			path,
			`expected a statement of kind ${role.kind}, got ${attestation.statement.predicateType}`,
		);
	} catch (cause) {
		return toProblem('VERIFY_CHAIN_REFUSED', path, toMessage(cause), cause);
	}
};

/** Verifies every file in attestations/: none may fail, whatever it is for. */
export const verifyBundles = (
	{ files }: Evidence,
	request: Request,
): { readonly bundles: readonly BundleLink[]; readonly problems: readonly LinkProblem[] } => {
	const bundles: BundleLink[] = [];
	const problems: LinkProblem[] = [];
	for (const [path, { bytes }] of files) {
		if (!path.startsWith('attestations/') || !bytes) continue;
		const found = verifyOne(path, bytes, request);
		if ('role' in found) bundles.push(found);
		else problems.push(found);
	}
	return { bundles, problems };
};
