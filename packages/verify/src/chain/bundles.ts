import { toMessage } from '@slipway/core';
import type { BundleRequest, VerifiedAttestation } from '../attestation.ts';
import { openRevocations } from '../open-revocations.ts';
import type { RevocationNotice } from '../revocation.ts';
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

/** A notice is about files and keys that are revoked: it is not held against notices itself. */
const toOwn = (role: BundleRole, request: Request): Request =>
	role.role === 'revocation' ? { ...request, revocations: [] } : request;

const verifyOne = (path: string, bytes: Uint8Array, request: Request): BundleLink | LinkProblem => {
	const role = toBundleRole(path);
	if (!role) return toProblem('VERIFY_CHAIN_UNKNOWN', path, 'is no attestation that a stage writes');
	try {
		const attestation = verifyBundle(bytes, { ...toOwn(role, request), kinds: [role.kind] });
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

const openNotice = (path: string, bytes: Uint8Array, request: Request): RevocationNotice[] | LinkProblem => {
	try {
		return openRevocations([bytes], request);
	} catch (cause) {
		return toProblem('VERIFY_CHAIN_REFUSED', path, toMessage(cause), cause);
	}
};

/** Notices that lie in the Release bind it like those of the policy. */
const withOwnNotices = ({ files }: Evidence, request: Request) => {
	const opened = [...files].flatMap(([path, { bytes }]) =>
		bytes && toBundleRole(path)?.role === 'revocation' ? [openNotice(path, bytes, request)] : [],
	);
	const notices = opened.flatMap((each) => ('code' in each ? [] : each));
	return {
		request: { ...request, revocations: [...(request.revocations ?? []), ...notices] },
		problems: opened.filter((each): each is LinkProblem => 'code' in each),
	};
};

/** Verifies every file in attestations/: none may fail, whatever it is for. */
export const verifyBundles = (
	evidence: Evidence,
	given: Request,
): { readonly bundles: readonly BundleLink[]; readonly problems: readonly LinkProblem[] } => {
	const bundles: BundleLink[] = [];
	const { request, problems } = withOwnNotices(evidence, given);
	for (const [path, { bytes }] of evidence.files) {
		if (!path.startsWith('attestations/') || !bytes) continue;
		const found = verifyOne(path, bytes, request);
		if ('role' in found) bundles.push(found);
		else problems.push(found);
	}
	return { bundles, problems };
};
