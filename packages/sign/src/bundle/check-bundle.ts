import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { BundleWithDsseEnvelope } from '@sigstore/bundle';
import type { Signer } from '@sigstore/sign';
import { toSignError } from '../code.ts';
import { toHashName } from '../key/key-signer.ts';

/** Keys by their PEM: a batch is signed by one. */
const createKeyReader = (): ((pem: string) => KeyObject) => {
	let last: { readonly pem: string; readonly key: KeyObject } | undefined;
	return (pem) => {
		if (last?.pem !== pem) last = { pem, key: createPublicKey(pem) };
		return last.key;
	};
};

/**
 * A signer whose signatures are checked before anybody is asked to witness them: a KMS that signs something else, or with
 * another key than it names, is refused.
 * @throws SlipwayError SIGN_SIGNATURE_WRONG (from sign)
 */
export const toCheckedSigner = (signer: Signer): Signer => {
	const readKey = createKeyReader();
	return {
		sign: async (data) => {
			const signed = await signer.sign(data);
			const key = readKey(signed.key.$case === 'publicKey' ? signed.key.publicKey : signed.key.certificate);
			if (verify(toHashName(key), data, key, signed.signature)) return signed;
			throw toSignError(
				'SIGN_SIGNATURE_WRONG',
				'expected a signature by the key that the signer names, got another one',
				{
					hint: 'Nothing was signed. Compare the public key that the signer names with the key that it holds.',
				},
			);
		},
	};
};

/** A log that stamps a signature after its certificate has ended made it worthless. @throws SlipwayError SIGN_CERTIFICATE_EXPIRED */
export const checkTimes = ({ verificationMaterial: material }: BundleWithDsseEnvelope): void => {
	if (material.content.$case !== 'certificate') return;
	const certificate = new X509Certificate(material.content.certificate.rawBytes);
	const { validFromDate: notBefore, validToDate: notAfter } = certificate;
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
