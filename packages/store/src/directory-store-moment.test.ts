// What a folder store makes of others that write at the last moment, of a lock that is held and of files that lie in its way.
// The guard runs right before each change is made visible, so it is where another writer comes in.
import { mkdir, mkdtemp, readdir, rm, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore } from './directory-store.ts';
import { withFolderLock } from './folder-lock.ts';
import type { Change } from './store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const create = (path: string, text: string): Change => ({ kind: 'create', path, bytes: bytes(text) });
const put = (path: string, text: string): Change => ({ kind: 'put', path, bytes: bytes(text) });
const replace = (path: string, text: string, version: string | null): Change => ({
	kind: 'replace',
	path,
	bytes: bytes(text),
	version,
});
const remove = (path: string): Change => ({ kind: 'remove', path });
const withCode = (code: string) => expect.objectContaining({ name: 'SlipwayError', code });

const WRITTEN = { outcome: 'written' };
const conflict = (path: string) => ({ outcome: 'conflict', path });

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'slipway-moment-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs `act` in the last of the calls of a guard: before the change itself. */
const writeAfter = async (change: Change, act: () => Promise<unknown>) => {
	let calls = 0;
	return directoryStore(folder).write([change], async () => {
		calls += 1;
		if (calls === 2) await act();
	});
};

describe('another writer comes at the last moment', () => {
	const other = (text: string) => () => writeFile(join(folder, 'a'), text);

	test.each([
		['create, same bytes', create('a', '1'), '1', WRITTEN],
		['create, other bytes', create('a', '1'), '2', conflict('a')],
		['replace of nothing, same bytes', replace('a', '1', null), '1', conflict('a')],
		['replace of nothing, other bytes', replace('a', '1', null), '2', conflict('a')],
		['put', put('a', '1'), '2', WRITTEN],
	])('%s', async (_name, change, text, outcome) => {
		expect(await writeAfter(change, other(text))).toEqual(outcome);
		const stays = change.kind === 'put' ? '1' : text;
		expect(Buffer.from((await directoryStore(folder).read('a'))?.bytes ?? []).toString()).toBe(stays);
		expect(await readdir(join(folder, '.slipway-store'))).not.toContainEqual(expect.stringMatching(/^new-/));
	});

	test('removes first what is to be removed', async () => {
		await directoryStore(folder).write([create('a', '1')]);
		expect(await writeAfter(remove('a'), () => unlink(join(folder, 'a')))).toEqual(WRITTEN);
	});

	test('puts a folder where a file is to be made or removed', async () => {
		const toFolder = async () => {
			await rm(join(folder, 'a'), { force: true });
			await mkdir(join(folder, 'a'));
		};
		await expect(writeAfter(create('a', '1'), toFolder)).rejects.toEqual(withCode('STORE_WRITE_FAILED'));
		await rm(join(folder, 'a'), { recursive: true });
		await directoryStore(folder).write([create('a', '1')]);
		await expect(writeAfter(remove('a'), toFolder)).rejects.toMatchObject({
			code: expect.stringMatching(/^STORE_(WRITE_FAILED|READ_ONLY)$/),
		});
		expect((await stat(join(folder, 'a'))).isDirectory()).toBe(true);
	});
});

test('what is there already is not written again, and nothing is asked for it', async () => {
	const store = directoryStore(folder);
	await store.write([create('a', '1')]);
	await utimes(join(folder, 'a'), 1000, 1000);
	const version = (await store.read('a'))?.version ?? null;
	for (const change of [create('a', '1'), put('a', '1'), replace('a', '1', version), remove('absent')]) {
		let calls = 0;
		const guard = async () => {
			calls += 1;
		};
		expect(await store.write([change], guard)).toEqual(WRITTEN);
		expect(calls).toBe(1);
	}
	expect((await stat(join(folder, 'a'))).mtimeMs).toBe(1_000_000);
});

test('no change is no write', async () => {
	const store = directoryStore(join(folder, 'none'));
	const guard = () => Promise.reject(new Error('asked'));
	expect(await store.write([], guard)).toEqual(WRITTEN);
	expect(await readdir(folder)).toEqual([]);
});

describe('a lock that another holds', () => {
	const lock = () => join(folder, '.slipway-store', 'lock');

	test('is waited for by all but what creates, and one that needs it holds up a whole write', async () => {
		const store = directoryStore(folder, { lockWaitMs: 10 });
		await store.write([put('a', '1')]);
		const version = (await store.read('a'))?.version ?? null;
		await withFolderLock(lock(), 0, async () => {
			for (const change of [put('a', '2'), replace('a', '2', version), remove('a')])
				await expect(store.write([create('b', '1'), change])).rejects.toEqual(withCode('STORE_BUSY'));
			expect(await store.list('')).toEqual(['a']);
			expect(await store.write([create('c', '1'), replace('d', '1', null)])).toEqual(WRITTEN);
		});
	});

	test('is no lock where its file is something else: an error at once, no waiting', async () => {
		await mkdir(join(folder, '.slipway-store'));
		await writeFile(lock(), 'this is no database'.repeat(100));
		const error = await directoryStore(folder)
			.write([put('a', '1')])
			.catch((thrown) => thrown);
		expect(error).toEqual(withCode('STORE_WRITE_FAILED'));
		expect(error.message).toContain(lock());
	});
});

test('links in a circle: unreadable, by the name that was asked for', async () => {
	await symlink('circle', join(folder, 'circle'));
	const store = directoryStore(folder);
	for (const attempt of [store.read('circle'), store.list('circle')])
		await expect(attempt).rejects.toMatchObject({
			code: 'STORE_UNREADABLE',
			message: expect.stringMatching(/^circle: expected to read/),
		});
	const root = join(folder, 'circle');
	await expect(directoryStore(root).list('')).rejects.toMatchObject({
		code: 'STORE_UNREADABLE',
		message: expect.stringContaining(`${root}: expected to read`),
	});
	await expect(store.write([create('circle', '1')])).rejects.toEqual(withCode('STORE_WRITE_FAILED'));
});
