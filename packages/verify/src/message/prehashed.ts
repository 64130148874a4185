import { type KeyObject, verify } from 'node:crypto';
import { p256, p384 } from '@noble/curves/nist.js';
import { toRefusal } from '../error.ts';

// Node verifies a signature over bytes that it hashes itself; one over a digest alone it cannot.

const CURVES = new Map([
	['P-256', p256],
	['P-384', p384],
]);

/**
 * Verifies an ECDSA signature (DER) over a digest, without the bytes that were hashed.
 * @throws SlipwayError VERIFY_KEY_REFUSED for a key of another kind
 */
export const verifyPrehashed = (key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean => {
	const { crv = '', x = '', y = '' } = key.asymmetricKeyType === 'ec' ? key.export({ format: 'jwk' }) : {};
	const curve = CURVES.get(crv);
	if (!curve)
		throw toRefusal(
			'VERIFY_KEY_REFUSED',
			`expected an ECDSA key to verify by digest alone, got ${key.asymmetricKeyType}; give the file itself`,
		);
	const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
	try {
		return curve.verify(signature, digest, point, { prehash: false, lowS: false, format: 'der' });
	} catch {
		return false; // no DER signature, or a point that is not on the curve
	}
};

/** Verifies a signature over bytes; ed25519 takes them whole. */
export const verifyMessageBytes = (
	key: KeyObject,
	message: Uint8Array,
	{ signature, hash }: { readonly signature: Uint8Array; readonly hash: string },
): boolean => verify(key.asymmetricKeyType === 'ed25519' ? null : hash, message, key, signature);
