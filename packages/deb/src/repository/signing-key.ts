import {
	armor,
	createCleartextMessage,
	createMessage,
	decryptKey,
	enums,
	generateKey,
	type PrivateKey,
	readPrivateKeys,
	sign,
} from 'openpgp';
import { toAptError } from './error.ts';

/** An unlocked key that signs Release files. The secret stays inside its functions and is never a field. */
export interface SigningKey {
	/** 40 upper-case hexadecimal digits (v4). */
	readonly fingerprint: string;
	/** The public key, armored: what users install. Of several keys all, under one armor, ours first. */
	readonly publicKey: string;
	/** `text` without its final line feed under a cleartext signature (RFC 9580, 7) with SHA-512, made at `at` (ms). */
	clearSign(text: string, at: number): Promise<string>;
	/** A detached, armored SHA-512 signature over the bytes of `text`, made at `at` (ms). */
	detachSign(text: string, at: number): Promise<string>;
}

export interface KeyRequest {
	readonly name: string;
	readonly email: string;
	/** Life time from now. */
	readonly days: number;
	readonly passphrase?: string | undefined;
	/** When the key is made, ms. Default: now. */
	readonly createdAt?: number | undefined;
}

/** Armored texts of a new key. */
export interface GeneratedKey {
	readonly privateKey: string;
	readonly publicKey: string;
	readonly fingerprint: string;
}

const DAY_SECONDS = 86_400;
const CONFIG = { preferredHashAlgorithm: enums.hash.sha512, v6Keys: false };

/**
 * A key that every apt since Debian 10 accepts: version 4, Ed25519 with the legacy algorithm id, SHA-512
 * self-signature, no subkeys. (The newer algorithm id and v6 keys are refused by gpgv 2.2 and sqv 1.1.)
 */
export const generateSigningKey = async (request: KeyRequest): Promise<GeneratedKey> => {
	const { privateKey, publicKey } = await generateKey({
		type: 'ecc',
		curve: 'ed25519Legacy',
		userIDs: [{ name: request.name, email: request.email }],
		keyExpirationTime: request.days * DAY_SECONDS,
		subkeys: [],
		date: new Date(request.createdAt ?? Date.now()),
		format: 'object',
		...(request.passphrase === undefined ? {} : { passphrase: request.passphrase }),
		config: CONFIG,
	});
	return {
		privateKey: privateKey.armor(),
		publicKey: publicKey.armor(),
		fingerprint: publicKey.getFingerprint().toUpperCase(),
	};
};

const unlock = async (key: PrivateKey, passphrase: string | undefined): Promise<PrivateKey> => {
	if (key.isDecrypted()) return key;
	if (passphrase === undefined)
		throw toAptError(
			'APT_KEY_LOCKED',
			'the signing key is locked by a passphrase, and none was given',
			'Name the variable that holds it under `signing-key: passphrase` of the target in slipway.yml.',
		);
	try {
		return await decryptKey({ privateKey: key, passphrase });
	} catch {
		// The library's message may quote its input: only the fact is passed on.
		throw toAptError(
			'APT_KEY_LOCKED',
			'the passphrase does not unlock the signing key',
			'Correct the variable named under `signing-key: passphrase`.',
		);
	}
};

const invalid = () =>
	toAptError(
		'APT_KEY_INVALID',
		'expected an armored OpenPGP private key, got something else',
		'Make one with `slipway apt keys`, or export it with `gpg --armor --export-secret-keys`.',
	);

const BLOCK = /-----BEGIN PGP PRIVATE KEY BLOCK-----[\s\S]*?-----END PGP PRIVATE KEY BLOCK-----/g;

/** One armor with one key or several, or several armors. */
const readArmored = async (armored: string): Promise<readonly [PrivateKey, ...PrivateKey[]]> => {
	const blocks = armored.match(BLOCK) ?? [armored];
	const keys = await Promise.all(blocks.map((armoredKeys) => readPrivateKeys({ armoredKeys }))).catch(() => {
		// No cause: its message may quote the key.
		throw invalid();
	});
	const [first, ...others] = keys.flat();
	if (!first) throw invalid();
	return [first, ...others];
};

const toClearSigned = async (keys: PrivateKey[], text: string, at: number): Promise<string> => {
	const message = await createCleartextMessage({ text: text.replace(/\n$/, '') });
	const signed = await sign({ message, signingKeys: keys, date: new Date(at), config: CONFIG });
	// The signature covers CRLF lines whatever the file holds (RFC 9580, 7.1): plain line feeds, as Debian serves.
	return signed.replaceAll('\r\n', '\n');
};

const toDetached = async (keys: PrivateKey[], text: string, at: number): Promise<string> => {
	const message = await createMessage({ binary: new TextEncoder().encode(text) });
	return sign({ message, signingKeys: keys, detached: true, date: new Date(at), config: CONFIG });
};

/** apt 2.6 reads only the first armor of a file: several keys stand under one, with the checksum that old readers expect. */
const toPublicText = (keys: readonly PrivateKey[]): string => {
	const packets = Buffer.concat(keys.map((key) => key.toPublic().write()));
	return armor(enums.armor.publicKey, packets, undefined, undefined, undefined, true);
};

/**
 * Reads an armored private key and unlocks it. Whether apt will accept it is `checkSigningKey`'s to say. Several keys in one
 * text sign all of them: the first is the one that stays, the others are old ones whose users have not been reached yet.
 * @throws SlipwayError APT_KEY_INVALID, APT_KEY_LOCKED
 */
export const readSigningKey = async (armored: string, passphrase?: string): Promise<SigningKey> => {
	const [first, ...others] = await readArmored(armored);
	const key = await unlock(first, passphrase);
	const keys = [key, ...(await Promise.all(others.map((other) => unlock(other, passphrase))))];
	return {
		fingerprint: key.getFingerprint().toUpperCase(),
		publicKey: toPublicText(keys),
		clearSign: (text, at) => toClearSigned(keys, text, at),
		detachSign: (text, at) => toDetached(keys, text, at),
	};
};
