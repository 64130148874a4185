import { SlipwayError } from '@slipway/core';
import type { BundleRequest, VerifiedAttestation } from './attestation.ts';
import type { VerifyCode } from './code.ts';

/**
 * Verifies one Sigstore bundle that holds a DSSE envelope with an in-toto Statement v1: signature, certificate or key,
 * logs, timestamps, the signer against the policy, predicate, subject and revocations. Works offline.
 * @throws SlipwayError VERIFY_*
 */
export const verifyBundle = (_bundle: Uint8Array, _request: BundleRequest): VerifiedAttestation => {
	throw new SlipwayError<VerifyCode>('VERIFY_BUNDLE_INVALID', 'not written yet', { hint: 'Come back soon.' });
};
