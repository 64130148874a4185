import type { VerifiedAttestation } from '../attestation.ts';

/**
 * Whether an attestation speaks for what it is about: a summary of a verification, or a test result, that says "failed" is
 * authentic too, and is none that a policy can have asked for.
 */
export const supports = ({ kind, statement }: Pick<VerifiedAttestation, 'kind' | 'statement'>): boolean => {
	const { result, verificationResult } = statement.predicate as Readonly<Record<string, unknown>>;
	if (kind === 'vsa') return verificationResult === 'PASSED';
	return kind !== 'test-result' || result === 'PASSED' || result === 'WARNED';
};
