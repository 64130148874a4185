import { createHash, createPublicKey } from 'node:crypto';
import { parseJson, parseWith, RelativePath, SlipwayError } from '@slipway/core';
import * as v from 'valibot';
import type { KeysCode } from './code.ts';

export const KEY_LIST_MEDIA_TYPE = 'application/vnd.slipway.keys.v1+json';
/** The name of the list wherever keys are published. */
export const KEY_LIST_NAME = 'keys.json';

const Time = v.pipe(v.string(), v.isoTimestamp());

const Key = v.strictObject({
	name: v.pipe(v.string(), v.minLength(1), v.maxLength(2048)),
	/** `signature`: of Sigstore bundles; `apt`: of an apt repository. */
	use: v.picklist(['signature', 'apt']),
	file: v.pipe(RelativePath, v.maxLength(200)),
	/** SHA-256 of the key itself, whatever its armor: SubjectPublicKeyInfo (signature), OpenPGP packets (apt). */
	sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
	validFrom: v.optional(Time),
	validUntil: v.optional(Time),
});

/** The public keys of a project, as it publishes them: it holds no time of its own, so that two places can be equal. */
export const KeyList = v.strictObject({
	mediaType: v.literal(KEY_LIST_MEDIA_TYPE),
	project: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
	keys: v.pipe(v.array(Key), v.maxLength(200)),
});
export type KeyList = v.InferOutput<typeof KeyList>;
export type ListedKey = KeyList['keys'][number];

/** @throws SlipwayError KEYS_INVALID, JSON_* */
export const parseKeyList = (bytes: Uint8Array, what: string): KeyList =>
	parseWith(KeyList, parseJson(bytes, what, { maxBytes: 1024 * 1024, maxDepth: 8 }), {
		code: 'KEYS_INVALID' satisfies KeysCode,
		what,
		hint: 'Publish the keys again: `slipway keys publish`.',
	});

export const toKeyListText = (project: string, keys: readonly ListedKey[]): string =>
	`${JSON.stringify({ mediaType: KEY_LIST_MEDIA_TYPE, project, keys: [...keys] } satisfies KeyList, null, 2)}\n`;

const ARMOR =
	/^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([A-Za-z0-9+/=\s]+?)(?:=[A-Za-z0-9+/]{4}\s*)?-----END PGP PUBLIC KEY BLOCK-----/;

const decode = (text: string): Buffer | undefined => {
	const packets = ARMOR.exec(text)?.[1];
	if (packets !== undefined) return Buffer.from(packets, 'base64');
	return text.includes('BEGIN PUBLIC KEY')
		? createPublicKey(text).export({ type: 'spki', format: 'der' })
		: undefined;
};

/**
 * SHA-256 of the key in a file, whatever its armor: PEM (SubjectPublicKeyInfo) or armored OpenPGP.
 * @throws SlipwayError KEYS_INVALID
 */
export const toKeyFileDigest = (bytes: Uint8Array, what: string): string => {
	let key: Buffer | undefined;
	let cause: unknown;
	try {
		key = decode(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch (thrown) {
		cause = thrown;
	}
	if (key) return createHash('sha256').update(key).digest('hex');
	throw new SlipwayError<KeysCode>(
		'KEYS_INVALID',
		`expected a public key (PEM or armored OpenPGP) in ${what}`,
		{
			hint: 'Name a public key, or a folder or address with keys.json.',
			cause,
		},
	);
};
