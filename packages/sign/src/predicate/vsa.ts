import {
	PREDICATE_TYPES,
	type Statement,
	type StatementSubject,
	toStatement,
} from '@slipway/core/attestation';

/** SLSA verification summary v1 (slsa.dev/spec/v1.1/verification_summary). */
export interface VerificationSummary {
	readonly verifier: { readonly id: string; readonly version?: Readonly<Record<string, string>> };
	/** RFC 3339, UTC. */
	readonly timeVerified: string;
	/** What the subjects are, for example a purl. */
	readonly resourceUri: string;
	readonly policy: { readonly uri: string; readonly digest: { readonly sha256: string } };
	readonly inputAttestations: readonly {
		readonly uri: string;
		readonly digest: { readonly sha256: string };
	}[];
	readonly verificationResult: 'PASSED' | 'FAILED';
	/** Levels that verification has shown; empty where it has shown none. */
	readonly verifiedLevels: readonly string[];
	readonly slsaVersion: string;
}

/** A verification summary about the files that were verified. */
export const toVsaStatement = (
	subjects: readonly StatementSubject[],
	summary: VerificationSummary,
): Statement<VerificationSummary> => toStatement(PREDICATE_TYPES.vsa, subjects, summary);
