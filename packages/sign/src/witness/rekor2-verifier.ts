import { createPublicKey } from 'node:crypto';
import { toSignError } from '../code.ts';
import { isCertificate, toDer } from '../key/der.ts';

/** The key of a signature as Rekor v2 asks for it (rekor-tiles, Verifier). */
export interface Verifier {
	readonly keyDetails: string;
	readonly x509Certificate?: { readonly rawBytes: string };
	readonly publicKey?: { readonly rawBytes: string };
}

const RSA_DETAILS = new Map([
	[3072, 'PKIX_RSA_PKCS1V15_3072_SHA256'],
	[4096, 'PKIX_RSA_PKCS1V15_4096_SHA256'],
]);

const findKeyDetails = (pem: string): string | undefined => {
	const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
	if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1')
		return 'PKIX_ECDSA_P256_SHA_256';
	return asymmetricKeyType === 'rsa' ? RSA_DETAILS.get(asymmetricKeyDetails?.modulusLength ?? 0) : undefined;
};

/**
 * @param pem a certificate or a public key
 * @throws SlipwayError SIGN_KEY_UNSUPPORTED: pure Ed25519 cannot be logged by its hash (the servers ask for Ed25519ph)
 */
export const toVerifier = (pem: string): Verifier => {
	const keyDetails = findKeyDetails(pem);
	if (keyDetails === undefined)
		throw toSignError(
			'SIGN_KEY_UNSUPPORTED',
			'expected P-256 or RSA of 3072 or 4096 bits for a log of version 2, got another key',
			{
				hint: 'Sign with a P-256 key, or name a log of version 1 or none in the signing config.',
			},
		);
	const rawBytes = toDer(pem).toString('base64');
	return {
		keyDetails,
		...(isCertificate(pem) ? { x509Certificate: { rawBytes } } : { publicKey: { rawBytes } }),
	};
};
