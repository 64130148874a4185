import {
	constants,
	createPublicKey,
	type KeyObject,
	publicDecrypt,
	verify,
	X509Certificate,
} from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';

/** DigestInfo of SHA-256 without the digest (RFC 8017, 9.2). */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** The key in a PEM certificate or PEM public key; undefined for anything else. */
export const readVerifier = (pem: string): KeyObject | undefined => {
	try {
		return pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);
	} catch {
		return undefined;
	}
};

export const isSigned = (bytes: Uint8Array, signature: Uint8Array, key: KeyObject): boolean =>
	verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', bytes, key, signature);

const toPoint = (key: KeyObject): Uint8Array => {
	const { x = '', y = '' } = key.export({ format: 'jwk' });
	return Buffer.concat([Uint8Array.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
};

const isEcdsaDigestSigned = (digest: Uint8Array, signature: Uint8Array, key: KeyObject): boolean => {
	try {
		return p256.verify(signature, digest, toPoint(key), { prehash: false, format: 'der', lowS: false });
	} catch {
		return false;
	}
};

const isRsaDigestSigned = (digest: Uint8Array, signature: Uint8Array, key: KeyObject): boolean => {
	try {
		const found = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
		return found.equals(Buffer.concat([SHA256_INFO, digest]));
	} catch {
		return false;
	}
};

/**
 * Whether a signature fits a SHA-256 digest whose bytes are not known. Pure ed25519 signs no digests: never.
 * Node's own verification always hashes, so P-256 is calculated by a library.
 */
export const isDigestSigned = (digest: Uint8Array, signature: Uint8Array, key: KeyObject): boolean => {
	if (digest.length !== 32) return false;
	if (key.asymmetricKeyType === 'rsa') return isRsaDigestSigned(digest, signature, key);
	if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return false;
	return isEcdsaDigestSigned(digest, signature, key);
};
