import {
	createMessage,
	enums,
	type Key,
	readCleartextMessage,
	readKeys,
	readSignature,
	type Signature,
	verify,
} from 'openpgp';
import { findFrameProblem, isClearsigned, toSource } from './clear-text.ts';
import { toAptError } from './error.ts';

type VerificationResult = Awaited<ReturnType<typeof verify>>['signatures'][number];

/** What a trusted key signed. */
export interface SignedText {
	/** The text that the signature covers, lines parted by line feeds. */
	readonly text: string;
	/** Of the primary key, 40 upper-case hexadecimal digits. */
	readonly fingerprint: string;
	/** Milliseconds since 1970. */
	readonly signedAt: number;
}

export interface Trust {
	/** Armored public keys; a text may hold several. */
	readonly keys: readonly string[];
	/** Milliseconds since 1970. */
	readonly now: number;
	/** Accept a key that expired after it signed: only for signing the repository again with a new one. */
	readonly allowExpiredKey?: boolean | undefined;
}

const STRONG_HASHES: ReadonlySet<number> = new Set([enums.hash.sha256, enums.hash.sha384, enums.hash.sha512]);
/** When a signature was made is checked against nothing here: the Release file carries its own dates. */
const ANY_TIME = new Date(8.64e15);

const tampered = (problem: string, cause?: unknown) =>
	toAptError(
		'APT_REPOSITORY_TAMPERED',
		`the published Release file is not what its key signed: ${problem}`,
		'Find out who changed the repository. Put back the last good InRelease (see history/) before you release.',
		cause,
	);

const unsigned = () =>
	toAptError(
		'APT_REPOSITORY_UNSIGNED',
		'expected a Release file under a signature, got one without',
		'Slipway edits only what a trusted key signed: sign the repository once, or start in an empty folder.',
	);

/** @throws SlipwayError APT_KEY_INVALID */
export const readTrustedKeys = async (armored: readonly string[]): Promise<readonly Key[]> => {
	try {
		return (await Promise.all(armored.map((armoredKeys) => readKeys({ armoredKeys })))).flat();
	} catch (cause) {
		throw toAptError(
			'APT_KEY_INVALID',
			'expected armored OpenPGP public keys under `trusted-keys`, got something else',
			'Export them with `gpg --armor --export`.',
			cause,
		);
	}
};

/** The trusted key whose own or subkey's id stands in the signature. */
const findSigner = (keys: readonly Key[], { keyID }: VerificationResult): Key | undefined =>
	keys.find((key) => key.getKeyIDs().some((id) => id.equals(keyID)));

const checkExpiry = async (key: Key, { now, allowExpiredKey }: Trust): Promise<void> => {
	const expires = await key.getExpirationTime();
	if (allowExpiredKey || !(expires instanceof Date) || expires.getTime() > now) return;
	throw toAptError(
		'APT_KEY_EXPIRED',
		`key ${key.getFingerprint().toUpperCase()}, which signed the repository, expired on ${expires.toISOString().slice(0, 10)}`,
		'Sign the repository again with a new key: `slipway apt re-sign`, with the old public key under `trusted-keys`.',
	);
};

const isStrong = async ({ signature }: VerificationResult): Promise<boolean> => {
	const { packets } = await signature;
	return packets.every(({ hashAlgorithm }) => STRONG_HASHES.has(hashAlgorithm ?? 0));
};

/** One good signature by a trusted key is enough (two signers while a key is rotated). */
const findGood = async (
	results: readonly VerificationResult[],
	keys: readonly Key[],
	trust: Trust,
): Promise<Omit<SignedText, 'text'>> => {
	let failure: unknown;
	let isKnown = false;
	for (const result of results) {
		const key = findSigner(keys, result);
		if (!key) continue;
		isKnown = true;
		try {
			await result.verified;
			if (!(await isStrong(result))) throw tampered('its signature uses a weak hash');
			await checkExpiry(key, trust);
			const created = (await result.signature).packets[0]?.created;
			return { fingerprint: key.getFingerprint().toUpperCase(), signedAt: created?.getTime() ?? 0 };
		} catch (thrown) {
			failure = thrown;
		}
	}
	if (isKnown)
		throw failure instanceof Error && 'hint' in failure ? failure : tampered('bad signature', failure);
	throw otherKey(results, keys);
};

const otherKey = (results: readonly VerificationResult[], keys: readonly Key[]) =>
	toAptError(
		'APT_REPOSITORY_OTHER_KEY',
		`expected a signature by ${keys.map((key) => key.getFingerprint().toUpperCase()).join(' or ') || 'a trusted key'}, got one by key id ${results.map(({ keyID }) => keyID.toHex().toUpperCase()).join(', ') || '(none)'}`,
		'When that key is yours (rotation), name its public key under `trusted-keys`; otherwise find out who signed the repository.',
	);

/**
 * Verifies an InRelease file: one cleartext signature (RFC 9580, 7) and nothing around it, by one of the trusted keys,
 * with a SHA-2 hash, the key not expired at `trust.now`.
 * @throws SlipwayError APT_REPOSITORY_UNSIGNED, APT_REPOSITORY_TAMPERED, APT_REPOSITORY_OTHER_KEY, APT_KEY_EXPIRED, APT_KEY_INVALID
 */
export const verifyClearsigned = async (bytes: Uint8Array, trust: Trust): Promise<SignedText> => {
	const source = toSource(bytes);
	if (!isClearsigned(source)) throw unsigned();
	const problem = findFrameProblem(source);
	if (problem) throw tampered(problem);
	const keys = await readTrustedKeys(trust.keys);
	const message = await readCleartextMessage({ cleartextMessage: source }).catch((cause) => {
		throw tampered('its signature cannot be read', cause);
	});
	const { data, signatures } = await verify({ message, verificationKeys: [...keys], date: ANY_TIME });
	return { text: data, ...(await findGood(signatures, keys, trust)) };
};

/**
 * Verifies Release against Release.gpg, for repositories without InRelease.
 * @throws SlipwayError as verifyClearsigned
 */
export const verifyDetached = async (
	bytes: Uint8Array,
	armored: Uint8Array,
	trust: Trust,
): Promise<SignedText> => {
	const keys = await readTrustedKeys(trust.keys);
	const signature = await readDetached(armored);
	const message = await createMessage({ binary: bytes });
	const { signatures } = await verify({ message, signature, verificationKeys: [...keys], date: ANY_TIME });
	return { text: new TextDecoder().decode(bytes), ...(await findGood(signatures, keys, trust)) };
};

const readDetached = async (armored: Uint8Array): Promise<Signature> => {
	try {
		return await readSignature({ armoredSignature: new TextDecoder().decode(armored) });
	} catch (cause) {
		throw tampered('Release.gpg cannot be read', cause);
	}
};
