import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** A signature with the public key, as PEM, that verifies it; `hint`: where verifiers find that key. */
export interface KeySignature {
	readonly signature: Buffer;
	readonly key: { readonly $case: 'publicKey'; readonly publicKey: string; readonly hint?: string };
}

/** Signs bytes: one method, so that a key in a KMS or a hardware token is one function away. */
export interface KeySigner {
	sign(data: Buffer): Promise<KeySignature>;
}

/** How a public key is found among those that a policy trusts: SHA-256 of its DER SubjectPublicKeyInfo, base64. */
export const toKeyHint = (publicKey: KeyObject): string =>
	createHash('sha256')
		.update(publicKey.export({ type: 'spki', format: 'der' }))
		.digest('base64');

/** Ed25519 hashes by itself; the others sign a SHA-256. */
export const toHashName = (key: KeyObject): 'sha256' | undefined =>
	key.asymmetricKeyType === 'ed25519' ? undefined : 'sha256';

/** A key whose public half is known before it signs. */
export interface OwnKey extends KeySigner {
	readonly hint: string;
	/** PEM. */
	readonly publicKey: string;
}

/** A signer with a private key in memory. */
export const toKeySigner = (privateKey: KeyObject): OwnKey => {
	const publicKey = createPublicKey(privateKey);
	const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
	const hint = toKeyHint(publicKey);
	return {
		hint,
		publicKey: pem,
		sign: async (data) => ({
			signature: sign(toHashName(privateKey), data, privateKey),
			key: { $case: 'publicKey', publicKey: pem, hint },
		}),
	};
};
