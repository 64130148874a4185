import { parseWith } from '@slipway/core';
import { Revocation } from '@slipway/core/attestation';
import type { BundleRequest } from './attestation.ts';
import type { VerifyCode } from './code.ts';
import type { RevocationNotice } from './revocation.ts';
import { verifyBundle } from './verify-bundle.ts';

/**
 * Verifies revocation notices under the same policy as everything else. One that cannot be verified is an error, not
 * left out: a notice that is damaged may have been damaged to be disobeyed. A notice binds even when the key that
 * signed it is revoked itself.
 * @throws SlipwayError VERIFY_*
 */
export const openRevocations = (
	bundles: readonly Uint8Array[],
	request: Pick<BundleRequest, 'trust' | 'policy' | 'clock'>,
): RevocationNotice[] =>
	bundles.map((bytes) => {
		const { statement, signer } = verifyBundle(bytes, { ...request, kinds: ['revocation'] });
		const revocation = parseWith(Revocation, statement.predicate, {
			code: 'VERIFY_STATEMENT_INVALID' satisfies VerifyCode,
			what: 'the revocation notice',
			hint: 'Get the notice again from where it was published.',
		});
		return { revocation, subjects: statement.subject, signer: signer.name };
	});
