import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore } from './directory-store.ts';
import { foldOutbox } from './fold-outbox.ts';
import { outboxStore } from './outbox-store.ts';
import type { Change, Store } from './store.ts';

let folder: string;
let base: Store;
let outbox: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'slipway-outbox-'));
	base = directoryStore(join(folder, 'base'));
	outbox = join(folder, 'outbox');
	await base.write([create('plan', 'the plan')]);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const create = (path: string, text: string): Change => ({ kind: 'create', path, bytes: Buffer.from(text) });
const readText = async (store: Store, path: string): Promise<string | undefined> => {
	const file = await store.read(path);
	return file ? Buffer.from(file.bytes).toString() : undefined;
};

const WRITTEN = { outcome: 'written' };

test('a job sees the store and what it created itself; the store gets nothing', async () => {
	const store = outboxStore(base, outbox);
	expect(await store.write([create('outcomes/1', 'done'), create('outcomes/2', 'done')])).toEqual(WRITTEN);
	expect(await store.list('')).toEqual(['outcomes/1', 'outcomes/2', 'plan']);
	expect(await readText(store, 'outcomes/1')).toBe('done');
	expect(await readText(store, 'plan')).toBe('the plan');
	expect(await store.read('nothing')).toBeNull();
	expect(await base.list('')).toEqual(['plan']);
});

test('all files at once, of both, those of the store first; only where the store gives them so', async () => {
	expect(outboxStore(base, outbox).readAll).toBeUndefined();
	const theirs = { bytes: Buffer.from('theirs'), version: '1' };
	const readAll = async () => new Map(['a/0', 'a/plan'].map((path) => [path, theirs]));
	const store = outboxStore({ ...base, readAll }, outbox);
	await directoryStore(outbox).write([create('a/plan', 'mine'), create('a/1', 'mine'), create('a/2', 'no')]);
	const all = (await store.readAll?.('a', (path) => path !== 'a/2')) ?? new Map();
	expect([...all].map(([path, { bytes }]) => [path, Buffer.from(bytes).toString()])).toEqual([
		['a/0', 'theirs'],
		['a/1', 'mine'],
		['a/plan', 'theirs'],
	]);
});

test('create: the same bytes are fine, other bytes a conflict, whoever has them', async () => {
	const store = outboxStore(base, outbox);
	await store.write([create('mine', '1')]);
	for (const change of [create('mine', '2'), create('plan', 'another')])
		expect(await store.write([change])).toEqual({ outcome: 'conflict', path: change.path });
	expect(await store.write([create('mine', '1'), create('plan', 'the plan')])).toEqual(WRITTEN);
});

test.each<Change>([
	{ kind: 'remove', path: 'plan' },
	{ kind: 'put', path: 'plan', bytes: new Uint8Array() },
	{ kind: 'replace', path: 'plan', bytes: new Uint8Array(), version: null },
])('$kind is refused, and nothing is written', async (change) => {
	const store = outboxStore(base, outbox);
	await expect(store.write([create('new', '1'), change])).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
	expect(await store.list('')).toEqual(['plan']);
});

test('a guard that throws stops the write', async () => {
	const write = outboxStore(base, outbox).write([create('new', '1')], async () => {
		throw new Error('fenced off');
	});
	await expect(write).rejects.toThrow('fenced off');
	expect(await directoryStore(outbox).list('')).toEqual([]);
});

test('folding creates what is missing, once; doing it again is harmless', async () => {
	await outboxStore(base, outbox).write([create('outcomes/1', 'one'), create('outcomes/2', 'two')]);
	const folded = { written: ['outcomes/1', 'outcomes/2'], conflicts: [], refused: [] };
	for (const _ of [1, 2]) expect(await foldOutbox(outbox, base)).toEqual(folded);
	expect(await base.list('')).toEqual(['outcomes/1', 'outcomes/2', 'plan']);
});

test('other bytes that came meanwhile stay, and all the rest is folded in', async () => {
	await outboxStore(base, outbox).write([create('a', '1'), create('b', '1'), create('c', '1')]);
	await base.write([create('b', 'of somebody else')]);
	expect(await foldOutbox(outbox, base)).toEqual({ written: ['a', 'c'], conflicts: ['b'], refused: [] });
	expect(await readText(base, 'b')).toBe('of somebody else');
	expect(await readText(base, 'c')).toBe('1');
});

test('what an outbox may not bring is refused: other paths, large files, links', async () => {
	const store = directoryStore(outbox);
	await store.write([create('fences/9', '1'), create('outcomes/ok', '1'), create('outcomes/large', '12345')]);
	await writeFile(join(folder, 'secret'), 'secret');
	await symlink(join(folder, 'secret'), join(outbox, 'outcomes', 'link'));
	await writeFile(join(outbox, 'outcomes', 'a:b'), '1');
	const accept = (path: string) => path.startsWith('outcomes/');
	expect(await foldOutbox(outbox, base, { accept, maxBytes: 4 })).toEqual({
		written: ['outcomes/ok'],
		conflicts: [],
		refused: ['fences/9', 'outcomes/a:b', 'outcomes/large'],
	});
	expect(await base.list('')).toEqual(['outcomes/ok', 'plan']);
});

test('a folder that is not there is an empty outbox', async () => {
	expect(await foldOutbox(outbox, base)).toEqual({ written: [], conflicts: [], refused: [] });
	expect(await readFile(join(folder, 'base', 'plan'), 'utf8')).toBe('the plan');
});
