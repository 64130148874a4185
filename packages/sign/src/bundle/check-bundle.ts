import { createPublicKey, verify } from 'node:crypto';
import type { BundleWithDsseEnvelope } from '@sigstore/bundle';
import { X509Certificate } from '@sigstore/core';
import { toSignError } from '../code.ts';
import { toHashName } from '../key/key-signer.ts';

/**
 * Checks what the signer gave before anybody is asked to witness it: a KMS that signs something else, or with another key
 * than it names, is refused.
 * @param pem certificate or public key
 * @throws SlipwayError SIGN_SIGNATURE_WRONG
 */
export const checkSignature = (signed: {
	readonly data: Uint8Array;
	readonly signature: Uint8Array;
	readonly pem: string;
}): void => {
	const key = createPublicKey(signed.pem);
	if (verify(toHashName(key), signed.data, key, signed.signature)) return;
	throw toSignError(
		'SIGN_SIGNATURE_WRONG',
		'expected a signature by the key that the signer names, got another one',
		{
			hint: 'Nothing was signed. Compare the public key that the signer names with the key that it holds.',
		},
	);
};

/** A log that stamps a signature after its certificate has ended made it worthless. @throws SlipwayError SIGN_CERTIFICATE_EXPIRED */
export const checkTimes = ({ verificationMaterial: material }: BundleWithDsseEnvelope): void => {
	if (material.content.$case !== 'certificate') return;
	const { notBefore, notAfter } = X509Certificate.parse(Buffer.from(material.content.certificate.rawBytes));
	for (const { integratedTime } of material.tlogEntries) {
		const time = Number(integratedTime) * 1000;
		// A log of version 2 says 0: it gives no time.
		if (time === 0 || (notBefore.getTime() - 1000 <= time && time <= notAfter.getTime())) continue;
		throw toSignError(
			'SIGN_CERTIFICATE_EXPIRED',
			`expected the log to take the signature before the certificate ended at ${notAfter.toISOString()}, it did at ${new Date(time).toISOString()}`,
			{
				hint: 'The log was slow, or its clock is off. Run the same command again; a new certificate is asked for.',
			},
		);
	}
};
