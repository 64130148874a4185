import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveLoopback, toFolderHandler } from '@slipway/http';
import fc from 'fast-check';
import { toDigestOf, toPublicPem } from '../sigstore-bundle.fixture.ts';
import { compareKeyPlaces } from './compare-places.ts';
import { parseKeyList, toKeyFileDigest, toKeyListText } from './key-list.ts';
import { readKeyPlace } from './read-place.ts';

const makeKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const [first, second] = [makeKey(), makeKey()];
type Key = typeof first;

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

const list = (keys: readonly Key[]): string =>
	toKeyListText(
		'demo',
		keys.map((key, index) => ({
			name: `key ${index}`,
			use: 'signature',
			file: `${toDigestOf(key).slice(0, 16)}.pem`,
			sha256: toDigestOf(key),
		})),
	);

const publish = async (keys: readonly Key[]): Promise<string> => {
	const place = await mkdtemp(join(folder, 'place-'));
	for (const key of keys)
		await writeFile(join(place, `${toDigestOf(key).slice(0, 16)}.pem`), toPublicPem(key));
	await writeFile(join(place, 'keys.json'), list(keys));
	return place;
};

const compare = async (a: string, b: string) =>
	compareKeyPlaces(await readKeyPlace(a), await readKeyPlace(b));

test('the same keys, in another order, at a folder, a list, a file and an address', async () => {
	const [here, there] = [await publish([first, second]), await publish([second, first])];
	expect(await compare(here, there)).toMatchObject({ same: true, onlyFirst: [], onlySecond: [] });
	expect((await compare(here, join(there, 'keys.json'))).same).toBe(true);
	const server = await serveLoopback(toFolderHandler(folder));
	try {
		const address = `${server.origin}${there.slice(folder.length)}`;
		expect((await compare(here, address)).same).toBe(true);
		expect((await compare(here, `${address}/keys.json`)).same).toBe(true);
		await expect(readKeyPlace(`${server.origin}/nowhere`)).rejects.toMatchObject({ code: 'KEYS_UNREADABLE' });
	} finally {
		await server.close();
	}
	const single = join(folder, 'one.pem');
	await writeFile(single, toPublicPem(first));
	expect((await compare(await publish([first]), single)).same).toBe(true);
});

test('a key that is at one place alone', async () => {
	const comparison = await compare(await publish([first, second]), await publish([second]));
	expect(comparison).toMatchObject({ same: false, onlySecond: [] });
	expect(comparison.onlyFirst.map(({ sha256 }) => sha256)).toEqual([toDigestOf(first)]);
});

test('a list that names another key than lies there', async () => {
	const place = await publish([first]);
	await writeFile(join(place, `${toDigestOf(first).slice(0, 16)}.pem`), toPublicPem(second));
	await expect(readKeyPlace(place)).rejects.toMatchObject({ code: 'KEYS_INVALID' });
});

test.each([
	['no file', 'nothing.pem', undefined, 'KEYS_UNREADABLE'],
	['no key', 'a.pem', 'hello', 'KEYS_INVALID'],
	['a private key', 'a.pem', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----', 'KEYS_INVALID'],
	[
		'a file that leaves the folder',
		'keys.json',
		list([first]).replace(/"file": "[^"]+"/, '"file": "../x"'),
		'KEYS_INVALID',
	],
	['an unknown version', 'keys.json', list([first]).replace('v1', 'v9'), 'KEYS_INVALID'],
	['no JSON', 'keys.json', '{', 'JSON_INVALID'],
])('%s', async (_, name, content, code) => {
	const path = join(folder, name);
	if (content !== undefined) await writeFile(path, content);
	await expect(readKeyPlace(path)).rejects.toMatchObject({ code });
});

test('an armored OpenPGP key counts by its packets, whatever stands around them', () => {
	const packets = Buffer.from('packets of a key');
	const armor = (head: string, tail: string): Uint8Array =>
		Buffer.from(
			`-----BEGIN PGP PUBLIC KEY BLOCK-----\n${head}\n${packets.toString('base64')}\n${tail}-----END PGP PUBLIC KEY BLOCK-----\n`,
		);
	const expected = createHash('sha256').update(packets).digest('hex');
	expect(toKeyFileDigest(armor('', ''), 'a')).toBe(expected);
	expect(toKeyFileDigest(armor('Comment: x\nVersion: y\n', '=AbCd\n'), 'a')).toBe(expected);
});

test('hostile lists and keys are refused, never more', () => {
	const good = Buffer.from(list([first]));
	fc.assert(
		fc.property(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 20 }), (at, piece) => {
			const bytes = Buffer.concat([good.subarray(0, at), piece, good.subarray(at + piece.length)]);
			for (const parse of [parseKeyList, toKeyFileDigest]) {
				try {
					parse(bytes, 'it');
				} catch (error) {
					expect(error).toMatchObject({ code: expect.stringMatching(/^(KEYS|JSON)_/) });
				}
			}
		}),
		{ numRuns: 500 },
	);
});
