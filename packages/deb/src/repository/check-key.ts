import type { Finding } from '@slipway/core';
import { enums, type Key, readKey, type Subkey } from 'openpgp';
import { type AptCode, toAptError } from './error.ts';

const DAY_MS = 86_400_000;
const WARN_DAYS = 90;
const MIN_RSA_BITS = 3072;
/** What gpgv 2.2 and sqv 1.1 both verify (facts measured with apt 2.6 and 3.1). */
const CURVES = new Set(['ed25519Legacy', 'nistP256', 'nistP384', 'nistP521']);
const STRONG_HASHES: ReadonlySet<number> = new Set([enums.hash.sha256, enums.hash.sha384, enums.hash.sha512]);
const SIGN_DATA = enums.keyFlags.signData;

const NEW_KEY = 'Make a new key with `slipway apt keys` and list the old public key under `trusted-keys`.';

const toFinding = (
	severity: Finding['severity'],
	code: AptCode,
	message: string,
	hint: string = NEW_KEY,
): Finding => ({ severity, code, message, hint });

const findAlgorithmProblem = (key: Key | Subkey): string | undefined => {
	const { algorithm, bits = 0, curve = '' } = key.getAlgorithmInfo();
	if (algorithm.startsWith('rsa'))
		return bits >= MIN_RSA_BITS ? undefined : `expected RSA with at least ${MIN_RSA_BITS} bits, got ${bits}`;
	return CURVES.has(curve)
		? undefined
		: `expected Ed25519 (legacy id), RSA or NIST P-256, got ${algorithm}${curve && ` ${curve}`}: apt's verifiers refuse it`;
};

/** Flags (RFC 9580, 5.2.3.29) decide; a binding without them leaves it open, so such a subkey counts. */
const canSign = ({ bindingSignatures }: Subkey): boolean =>
	bindingSignatures.some(({ keyFlags }) => ((keyFlags?.[0] ?? SIGN_DATA) & SIGN_DATA) !== 0);

/** The newest signature by which a key vouches for itself decides (what sqv and gpgv look at). */
const isSelfSignatureWeak = (key: Key): boolean => {
	const newest = key.users
		.map(({ selfCertifications }) =>
			selfCertifications.toSorted((a, b) => toTime(b.created) - toTime(a.created)),
		)
		.flatMap(([first]) => first ?? []);
	const all = [
		...newest,
		...key.subkeys.filter(canSign).flatMap(({ bindingSignatures }) => bindingSignatures),
	];
	return newest.length === 0 || all.some(({ hashAlgorithm }) => !STRONG_HASHES.has(hashAlgorithm ?? 0));
};

const toTime = (date: Date | null): number => date?.getTime() ?? 0;

const checkExpiry = async (key: Key, now: number): Promise<Finding[]> => {
	const expires = await key.getExpirationTime();
	// null: the library found no valid self-signature, which another finding reports.
	const left = expires instanceof Date ? expires.getTime() - now : Number.POSITIVE_INFINITY;
	const day = expires instanceof Date ? expires.toISOString().slice(0, 10) : '';
	if (left <= 0) return [toFinding('error', 'APT_KEY_EXPIRED', `the signing key expired on ${day}`)];
	if (left < WARN_DAYS * DAY_MS)
		return [
			toFinding(
				'warning',
				'APT_KEY_EXPIRES_SOON',
				`the signing key expires on ${day}, in ${Math.floor(left / DAY_MS)} days: then every user's apt refuses the repository`,
			),
		];
	return [];
};

/**
 * Whether today's apt clients accept what this key signs: version 4, Ed25519 (legacy id), RSA >= 3072 or a NIST
 * curve, self-signatures by SHA-2, not revoked, not expired (a warning 90 days before). Looks at the public part of the primary key and of the
 * subkeys that can sign; those for encryption say nothing about Release files.
 * @param now milliseconds since 1970
 */
export const checkSigningKey = async (
	{ publicKey }: { readonly publicKey: string },
	now: number,
): Promise<readonly Finding[]> => {
	const key = await readKey({ armoredKey: publicKey });
	const findings: Finding[] = [];
	const { version } = key.keyPacket;
	if (version !== 4)
		findings.push(
			toFinding('error', 'APT_KEY_VERSION', `expected an OpenPGP key of version 4, got ${version}`),
		);
	const algorithm = [key, ...key.subkeys.filter(canSign)]
		.map(findAlgorithmProblem)
		.find((problem) => problem !== undefined);
	if (algorithm) findings.push(toFinding('error', 'APT_KEY_ALGORITHM', algorithm));
	if (isSelfSignatureWeak(key))
		findings.push(
			toFinding(
				'error',
				'APT_KEY_SELF_SIGNATURE',
				'the key vouches for itself by SHA-1, which apt 3 refuses',
			),
		);
	const created = key.getCreationTime();
	if (created.getTime() > now)
		findings.push(
			toFinding(
				'error',
				'APT_KEY_NOT_YET_VALID',
				`the signing key was made on ${created.toISOString()}, which is in the future by this clock`,
				'Set the clock (NTP) and run the command again.',
			),
		);
	if (await key.isRevoked(undefined, undefined, new Date(now)))
		findings.push(toFinding('error', 'APT_KEY_REVOKED', 'the signing key is revoked'));
	return [...findings, ...(await checkExpiry(key, now))];
};

/**
 * The gate at signing: nothing is signed by a key that clients refuse.
 * @throws SlipwayError APT_KEY_*
 */
export const verifySigningKey = async (key: { readonly publicKey: string }, now: number): Promise<void> => {
	const [error] = (await checkSigningKey(key, now)).filter(({ severity }) => severity === 'error');
	if (error) throw toAptError(error.code as AptCode, error.message, error.hint);
};
