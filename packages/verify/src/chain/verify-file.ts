import { toMessage, toPrintable } from '@slipway/core';
import { type PredicateKind, Revocation } from '@slipway/core/attestation';
import * as v from 'valibot';
import type { BundleRequest, VerifiedAttestation } from '../attestation.ts';
import { verifyBundle } from '../verify-bundle.ts';
import { claimsSubject } from './claims-subject.ts';
import { type LinkProblem, toChainError, toProblem } from './problem.ts';
import type { VerifiedLink } from './release-verification.ts';
import { supports } from './supports.ts';

/** A bundle that may speak of a file; `path` is for messages. */
export interface OfferedBundle {
	readonly path: string;
	readonly bytes: Uint8Array;
}

export interface FileRequest extends Omit<BundleRequest, 'subject' | 'kinds'> {
	/** For messages. */
	readonly name: string;
	/** Of the file's bytes as they lie here. */
	readonly digest: { readonly sha256: string; readonly sha512: string };
	readonly bundles: readonly OfferedBundle[];
	/**
	 * `named`: each of these bundles is said to be about this file. `found`: they lay in one place, and those that speak
	 * of other files are passed over.
	 */
	readonly origin: 'named' | 'found';
	/** Kinds of which the file must carry one each. */
	readonly require: readonly PredicateKind[];
}

export interface FileVerification {
	readonly name: string;
	readonly sha256: string;
	readonly attestations: readonly (VerifiedLink & { readonly attestation: VerifiedAttestation })[];
}

type Link = FileVerification['attestations'][number];

const toLink = (path: string, attestation: VerifiedAttestation): Link => ({
	path,
	sha256: attestation.bundleDigest,
	kind: attestation.kind,
	signer: attestation.signer,
	signedAt: attestation.signedAt,
	logs: attestation.logs.map(({ url }) => url),
	certificate: attestation.certificate,
	attestation,
});

/** npm names a file by sha512 alone, others by sha256: each digest that a statement gives must match. */
const verifySubject = (bytes: Uint8Array, request: FileRequest): VerifiedAttestation => {
	const { trust, policy, clock, revocations, digest } = request;
	return verifyBundle(bytes, { trust, policy, clock, ...(revocations && { revocations }), subject: digest });
};

/** A notice is never a reason to accept the file that it speaks of; from its date on it is one to refuse it. */
const checkNotice = (
	path: string,
	{ statement }: VerifiedAttestation,
	{ name, clock }: FileRequest,
): LinkProblem | undefined => {
	const notice = v.safeParse(Revocation, statement.predicate);
	if (!notice.success) return toProblem('VERIFY_CHAIN_REFUSED', path, 'expected a revocation notice');
	const { date, reason, subjects } = notice.output;
	if (!subjects || Date.parse(date) > clock.now()) return undefined;
	return toProblem(
		'VERIFY_CHAIN_REFUSED',
		name,
		`revoked since ${date} by ${path}: ${toPrintable(reason, 300)}`,
	);
};

const verifyOne = (bundle: OfferedBundle, request: FileRequest): Link | LinkProblem | undefined => {
	if (request.origin === 'found' && !claimsSubject(bundle.bytes, request.digest)) return undefined;
	try {
		const attestation = verifySubject(bundle.bytes, request);
		return attestation.kind === 'revocation'
			? checkNotice(bundle.path, attestation, request)
			: toLink(bundle.path, attestation);
	} catch (thrown) {
		return toProblem('VERIFY_CHAIN_REFUSED', bundle.path, toMessage(thrown), thrown);
	}
};

const listMissing = ({ name, require }: FileRequest, links: readonly Link[]): LinkProblem[] => {
	const missing = require.filter(
		(kind) => !links.some((link) => link.kind === kind && supports(link.attestation)),
	);
	if (links.length === 0 && missing.length === 0)
		return [toProblem('VERIFY_CHAIN_MISSING', name, 'expected an attestation of it, found none')];
	return missing.map((kind) =>
		toProblem('VERIFY_CHAIN_MISSING', name, `the policy requires an attestation of kind ${kind}, found none`),
	);
};

/**
 * Verifies the attestations of one file: at least one speaks of its digest and holds under the policy, none of those that
 * speak of it fails, and every kind that is required is among them. Works offline.
 * @throws SlipwayError VERIFY_CHAIN_REFUSED, VERIFY_CHAIN_MISSING; the message names every bundle that fails
 */
export const verifyFile = (request: FileRequest): FileVerification => {
	const found = request.bundles.flatMap((bundle) => verifyOne(bundle, request) ?? []);
	const links = found.filter((each): each is Link => 'attestation' in each);
	const failed = found.filter((each): each is LinkProblem => 'code' in each);
	const problems = [...failed, ...listMissing(request, links)];
	if (problems.length > 0) throw toChainError(problems);
	return { name: request.name, sha256: request.digest.sha256, attestations: links };
};
