import { type Clock, SlipwayError } from '@slipway/core';
import type { VerifyCode } from '../code.ts';
import type { Trust } from './trust.ts';

export interface TrustRequest {
	/** Bytes of a Sigstore trusted root (JSON). Without it and without `online`: keys of the policy alone. */
	readonly trustedRoot?: Uint8Array;
	/** For messages: the file's name. */
	readonly from?: string;
	/** Fetch the trusted root through TUF; the public instance unless a mirror is named. */
	readonly online?: { readonly mirror?: string; readonly cacheDir?: string };
	readonly clock: Pick<Clock, 'now'>;
}

/**
 * Opens what signatures are trusted by. With `trustedRoot` no network is touched.
 * @throws SlipwayError VERIFY_TRUST_INVALID, VERIFY_TRUST_UNAVAILABLE
 */
export const openTrust = async (_request: TrustRequest): Promise<Trust> => {
	throw new SlipwayError<VerifyCode>('VERIFY_TRUST_UNAVAILABLE', 'not written yet', {
		hint: 'Come back soon.',
	});
};
