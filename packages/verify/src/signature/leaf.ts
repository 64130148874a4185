import type { X509Certificate } from '@sigstore/core';
import { toRefusal } from '../error.ts';

const EXTENDED_KEY_USAGE = '2.5.29.37';
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';

/**
 * Checks that a certificate was issued for signing code and is no authority itself (RFC 5280 section 4.2.1.12): a
 * certificate of the same root for another purpose is no signer.
 * @throws SlipwayError VERIFY_CERTIFICATE_INVALID
 */
export const checkLeaf = (certificate: X509Certificate): void => {
	const usages = certificate.extension(EXTENDED_KEY_USAGE)?.valueObj.subs[0]?.subs ?? [];
	if (!usages.some((usage) => usage.tag.isOID() && usage.toOID() === CODE_SIGNING))
		throw toRefusal('VERIFY_CERTIFICATE_INVALID', 'the certificate was not issued for signing code');
	if (certificate.isCA)
		throw toRefusal('VERIFY_CERTIFICATE_INVALID', 'the certificate is one of an authority, not of a signer');
};
