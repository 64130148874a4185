import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore } from './directory-store.ts';
import { sweepTemporaries, writeTemporary } from './durable-file.ts';
import { withFolderLock } from './folder-lock.ts';
import { openStore } from './open-store.ts';
import type { Change } from './store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const put = (path: string, text: string): Change => ({ kind: 'put', path, bytes: bytes(text) });
const create = (path: string, text: string): Change => ({ kind: 'create', path, bytes: bytes(text) });
const withCode = (code: string) => expect.objectContaining({ name: 'SlipwayError', code });

let base: string;
let folder: string;

beforeEach(async () => {
	base = await mkdtemp(join(tmpdir(), 'slipway-folder-'));
	folder = join(base, 'not', 'yet', 'there');
});

afterEach(() => rm(base, { recursive: true, force: true }));

test('reading makes no folder, the first write does; a relative location is relative to the base folder', async () => {
	const store = openStore({ directory: 'not/yet/there' }, base, { environment: {} });
	expect(store.description).toBe(`folder ${folder}`);
	expect(await store.read('a')).toBeNull();
	expect(await readdir(base)).toEqual([]);
	await store.write([create('a', '1')]);
	expect(await readFile(join(folder, 'a'), 'utf8')).toBe('1');
});

describe('symbolic links', () => {
	const leaving: readonly [string, string][] = [
		['a folder', 'out/file'],
		['a file', 'file'],
		['the private folder', '.slipway-store'],
	];

	beforeEach(async () => {
		await mkdir(join(base, 'outside'), { recursive: true });
		await writeFile(join(base, 'outside', 'file'), 'secret');
		await mkdir(folder, { recursive: true });
	});

	test.each(leaving)('%s that leads out is refused', async (_name, path) => {
		const [name = ''] = path.split('/');
		await symlink(join(base, 'outside', path === 'file' ? 'file' : ''), join(folder, name));
		const store = directoryStore(folder);
		await expect(store.write([put(name.startsWith('.') ? 'a' : path, 'new')])).rejects.toEqual(
			withCode('STORE_PATH_INVALID'),
		);
		await expect(store.read(path)).rejects.toEqual(withCode('STORE_PATH_INVALID'));
		await expect(store.list(name)).rejects.toEqual(withCode('STORE_PATH_INVALID'));
		expect(await store.list('')).toEqual([]);
		expect(await readdir(join(base, 'outside'))).toEqual(['file']);
		expect(await readFile(join(base, 'outside', 'file'), 'utf8')).toBe('secret');
	});

	test('one to the folder around the store is refused, and shows nothing of it', async () => {
		await symlink('..', join(folder, 'up'));
		const store = directoryStore(folder);
		for (const attempt of [store.read('up'), store.list('up'), store.write([put('up', '1')])])
			await expect(attempt).rejects.toEqual(withCode('STORE_PATH_INVALID'));
		expect(await store.list('')).toEqual([]);
	});

	test('one that stays inside is followed, and the folder itself may be one', async () => {
		await symlink(folder, join(base, 'link'));
		await mkdir(join(folder, 'bookworm'));
		await symlink('bookworm', join(folder, 'stable'));
		const store = directoryStore(join(base, 'link'));
		await store.write([put('stable/a', '1')]);
		expect(await readFile(join(folder, 'bookworm', 'a'), 'utf8')).toBe('1');
		expect(await store.list('')).toEqual(['bookworm/a']);
	});
});

test.each(['.slipway-store', '.slipway-store/lock', '.SLIPWAY-STORE/lock'])('%s is private', async (path) => {
	const store = directoryStore(folder);
	await store.write([put('a', '1')]);
	await expect(store.read(path)).rejects.toEqual(withCode('STORE_PATH_INVALID'));
	await expect(store.write([put(path, '1')])).rejects.toEqual(withCode('STORE_PATH_INVALID'));
	expect(await store.list('')).toEqual(['a']);
});

test('a file where a folder is to be, and the other way round', async () => {
	const store = directoryStore(folder);
	await store.write([create('file', '1'), create('folder/file', '1')]);
	for (const change of [create('file/a', '2'), put('file/a', '2'), create('folder', '2'), put('folder', '2')])
		await expect(store.write([change])).rejects.toEqual(withCode('STORE_WRITE_FAILED'));
	expect(await store.list('')).toEqual(['file', 'folder/file']);
	expect(await readdir(join(folder, '.slipway-store'))).toEqual(['lock']);
});

describe('modification time', () => {
	const seconds = async (path: string): Promise<number> =>
		Math.floor((await stat(join(folder, path))).mtimeMs / 1000);

	test('replacements in a row differ in whole seconds', async () => {
		const store = directoryStore(folder);
		const seen: number[] = [];
		for (const text of ['1', '2', '3', '4']) {
			const version = (await store.read('head'))?.version ?? null;
			await store.write([put('index', text), { kind: 'replace', path: 'head', bytes: bytes(text), version }]);
			seen.push(await seconds('head'));
			expect(await seconds('index')).toBe(seen.at(-1));
		}
		expect(new Set(seen).size).toBe(4);
		expect(seen).toEqual([...seen].sort((a, b) => a - b));
	});

	test('is the time of writing where that differs, and stays where the bytes stay', async () => {
		const store = directoryStore(folder);
		await store.write([put('a', '1')]);
		await utimes(join(folder, 'a'), 1000, 1000);
		await store.write([put('a', '1')]);
		expect(await seconds('a')).toBe(1000);
		await store.write([put('a', '2')]);
		expect(Math.abs((await seconds('a')) - Date.now() / 1000)).toBeLessThan(5);
	});
});

describe('another writer', () => {
	test('that holds the lock for long: STORE_BUSY, but create goes on; then all goes on', async () => {
		const store = directoryStore(folder, { lockWaitMs: 30 });
		await store.write([put('a', '1')]);
		await withFolderLock(join(folder, '.slipway-store', 'lock'), 0, async () => {
			await expect(store.write([put('a', '2')])).rejects.toEqual(withCode('STORE_BUSY'));
			expect(await store.write([create('claim', '1')])).toEqual({ outcome: 'written' });
		});
		expect(await store.write([put('a', '2')])).toEqual({ outcome: 'written' });
	});

	test('that died left a temporary file: it goes after an hour, not before', async () => {
		await directoryStore(folder).write([put('a', '1')]);
		const own = join(folder, '.slipway-store');
		await writeTemporary(own, bytes('half'));
		await directoryStore(folder).write([put('a', '2')]);
		await sweepTemporaries(own, Date.now() + 3_500_000);
		expect(await readdir(own)).toHaveLength(2);
		await sweepTemporaries(own, Date.now() + 3_700_000);
		expect(await readdir(own)).toEqual(['lock']);
	});
});
