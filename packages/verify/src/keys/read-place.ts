import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError, toMessage } from '@slipway/core';
import { createHttpClient } from '@slipway/http';
import type { KeysCode } from './code.ts';
import { KEY_LIST_NAME, type ListedKey, parseKeyList, toKeyFileDigest } from './key-list.ts';

/** The keys that lie at one place. */
export interface KeyPlace {
	/** As it was named. */
	readonly place: string;
	readonly keys: readonly Pick<ListedKey, 'name' | 'sha256'>[];
}

const MAX_BYTES = 1024 * 1024;

const unreadable = (what: string, reason: string, cause?: unknown): SlipwayError<KeysCode> =>
	new SlipwayError('KEYS_UNREADABLE', `expected public keys at ${what}: ${reason}`, {
		hint: 'Correct the place, or publish the keys there: `slipway keys publish`.',
		cause,
	});

type Read = (name: string) => Promise<Uint8Array>;

const toFetch = (address: string): Read => {
	const base = new URL(address.endsWith('/') ? address : `${address}/`);
	const client = createHttpClient({ origin: base.origin });
	return async (name) => {
		const path = new URL(name, base).pathname;
		const reply = await client.send({ method: 'GET', path, maxBytes: MAX_BYTES });
		if (reply.kind === 'reply' && reply.status === 200) return reply.body;
		throw unreadable(
			`${base.origin}${path}`,
			reply.kind === 'lost' ? reply.reason : `status ${reply.status}`,
		);
	};
};

const readBytes = async (path: string): Promise<Uint8Array> => {
	try {
		const { size } = await stat(path);
		if (size > MAX_BYTES) throw new RangeError(`larger than ${MAX_BYTES} bytes`);
		return await readFile(path);
	} catch (cause) {
		throw unreadable(path, toMessage(cause), cause);
	}
};

/** The list, and each key in it re-hashed: a list is worth no more than the keys that lie beside it. */
const readList = async (place: string, read: Read): Promise<KeyPlace> => {
	const { keys } = parseKeyList(await read(KEY_LIST_NAME), `${KEY_LIST_NAME} at ${place}`);
	for (const { file, sha256 } of keys) {
		const found = toKeyFileDigest(await read(file), `${file} at ${place}`);
		if (found !== sha256)
			throw new SlipwayError<KeysCode>(
				'KEYS_INVALID',
				`expected the key ${sha256} in ${file} at ${place}, got ${found}`,
				{ hint: 'Find out who changed it. Do not trust keys of this place before.' },
			);
	}
	return { place, keys };
};

const isFolder = async (path: string): Promise<boolean> =>
	(await stat(path).catch(() => undefined))?.isDirectory() ?? false;

/**
 * Reads published keys: a folder or an address with keys.json, or one file with one public key.
 * @throws SlipwayError KEYS_UNREADABLE, KEYS_INVALID, JSON_*
 */
export const readKeyPlace = async (place: string): Promise<KeyPlace> => {
	if (/^https?:\/\//.test(place)) return readList(place, toFetch(place.replace(/\/?keys\.json$/, '/')));
	if (await isFolder(place)) return readList(place, (name) => readBytes(join(place, name)));
	if (place.endsWith(KEY_LIST_NAME)) {
		const folder = join(place, '..');
		return readList(place, (name) => readBytes(join(folder, name)));
	}
	return { place, keys: [{ name: place, sha256: toKeyFileDigest(await readBytes(place), place) }] };
};
