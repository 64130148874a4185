import { readTrustedKeys } from './verify-signature.ts';

/** From when until when an OpenPGP key is good. */
export interface OpenPgpLife {
	/** 40 upper-case hexadecimal digits (v4). */
	readonly fingerprint: string;
	readonly name: string;
	readonly createdAt: Date;
	/** null: it has no end, or no valid self-signature that could name one. */
	readonly expiresAt: Date | null;
}

/**
 * How long armored public keys last.
 * @throws SlipwayError APT_KEY_INVALID
 */
export const readKeyLives = async (armored: readonly string[]): Promise<OpenPgpLife[]> => {
	const keys = await readTrustedKeys(armored);
	return Promise.all(
		keys.map(async (key) => {
			const expires = await key.getExpirationTime();
			return {
				fingerprint: key.getFingerprint().toUpperCase(),
				name: key.getUserIDs()[0] ?? '',
				createdAt: key.getCreationTime(),
				expiresAt: expires instanceof Date ? expires : null,
			};
		}),
	);
};
