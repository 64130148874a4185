import { toPrintable } from '@slipway/core';
import type { PredicateKind } from '@slipway/core/attestation';
import type { CertificateSigner, KeySigner, Policy, Signer } from '@slipway/core/policy';
import { toRefusal } from '../error.ts';
import { type CertificateIdentity, findCertificateMismatch } from './certificate-signer.ts';
import { findWindowProblem } from './key-signer.ts';

const isCertificateSigner = (signer: Signer): signer is CertificateSigner => 'issuer' in signer;

export const toKeySigners = (policy: Policy): KeySigner[] =>
	policy.signers.filter((signer): signer is KeySigner => !isCertificateSigner(signer));

const quote = (text: string | undefined): string =>
	text === undefined ? 'nothing' : `"${toPrintable(text, 300)}"`;

const maySign = ({ predicates }: Signer, kind: PredicateKind | undefined): boolean =>
	predicates === undefined || (kind !== undefined && predicates.includes(kind));

/** Of the signers that match, the first that may sign this predicate. */
const pickByPredicate = <S extends Signer>(
	signers: readonly S[],
	kind: PredicateKind | undefined,
	predicateType: string,
): S => {
	const signer = signers.find((one) => maySign(one, kind));
	if (signer) return signer;
	const names = signers
		.map(({ name, predicates }) => `${name} may sign ${predicates?.join(', ')}`)
		.join('; ');
	throw toRefusal('VERIFY_PREDICATE_MISMATCH', `${names}, got ${quote(predicateType)}`);
};

/** What was signed, as far as a signer may be limited to it. */
export interface Predicate {
	readonly kind: PredicateKind | undefined;
	readonly predicateType: string;
}

/**
 * The signer of the policy that a verified certificate belongs to.
 * @throws SlipwayError VERIFY_IDENTITY_MISMATCH (with what kept each signer from matching), VERIFY_PREDICATE_MISMATCH
 */
export const findCertificateSigner = (
	policy: Policy,
	certificate: CertificateIdentity,
	{ kind, predicateType }: Predicate,
): CertificateSigner => {
	const signers = policy.signers.filter(isCertificateSigner);
	const mismatches = signers.map((signer) => ({
		signer,
		mismatch: findCertificateMismatch(signer, certificate),
	}));
	const matching = mismatches.flatMap(({ signer, mismatch }) => (mismatch ? [] : [signer]));
	if (matching.length > 0) return pickByPredicate(matching, kind, predicateType);
	const reasons = mismatches.map(
		({ signer, mismatch }) =>
			`${signer.name}: expected ${mismatch?.field} ${quote(mismatch?.expected)}, got ${quote(mismatch?.got)}`,
	);
	throw toRefusal(
		'VERIFY_IDENTITY_MISMATCH',
		`signed by ${quote(certificate.identity)}, who is none of the policy's signers:\n  ${reasons.join('\n  ') || 'the policy lists keys alone'}`,
	);
};

/**
 * Of the entries of the policy for the key that verified the signature, the one whose window holds all proven times.
 * @param times when it was signed; without any proof the time now
 * @throws SlipwayError VERIFY_KEY_REFUSED, VERIFY_PREDICATE_MISMATCH
 */
export const findKeySigner = (
	signers: readonly KeySigner[],
	times: readonly Date[],
	{ kind, predicateType }: Predicate,
): KeySigner => {
	const inWindow = signers.filter((signer) => findWindowProblem(signer, times) === undefined);
	const [first] = signers;
	if (first && inWindow.length === 0)
		throw toRefusal('VERIFY_KEY_REFUSED', `the key of ${first.name} ${findWindowProblem(first, times)}`);
	return pickByPredicate(inWindow, kind, predicateType);
};
