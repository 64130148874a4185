import type { Revocation, StatementSubject } from '@slipway/core/attestation';

/** A revocation notice whose signature was verified: what it says, and who said it. */
export interface RevocationNotice {
	readonly revocation: Revocation;
	readonly subjects: readonly StatementSubject[];
	readonly signer: string;
}
