import { armor, enums } from 'openpgp';
import { readTrustedKeys } from './verify-signature.ts';

/**
 * Several public keys under one armor. apt 2.6 reads only the first armor of a file (apt-key stops at its end), so keys
 * that are just written one after the other would be lost.
 * @throws SlipwayError APT_KEY_INVALID
 */
export const mergeKeys = async (armored: readonly string[]): Promise<string> => {
	const keys = await readTrustedKeys(armored);
	const unique = new Map(keys.map((key) => [key.getFingerprint(), key]));
	const packets = Buffer.concat([...unique.values()].map((key) => key.toPublic().write()));
	return armor(enums.armor.publicKey, packets);
};
