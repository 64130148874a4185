import { randomBytes } from 'node:crypto';
import { type StoreCheck, type StoreSubject, toBytes, toText } from './describe-store-subject.ts';

type Change = Parameters<StoreSubject['store']['write']>[0][number];

const put = (path: string, text: string): Change => ({ kind: 'put', path, bytes: toBytes(text) });
const create = (path: string, text: string): Change => ({ kind: 'create', path, bytes: toBytes(text) });
const replace = (path: string, text: string, version: string | null): Change => ({
	kind: 'replace',
	path,
	bytes: toBytes(text),
	version,
});
const remove = (path: string): Change => ({ kind: 'remove', path });

const WRITTEN = { outcome: 'written' };
const conflictAt = (path: string) => ({ outcome: 'conflict', path });

const check = (name: string, body: (store: StoreSubject['store']) => Promise<void>): StoreCheck => ({
	name,
	check: ({ store }) => body(store),
});

const PATH_PROBLEMS: readonly string[] = [
	'',
	'/a',
	'../a',
	'a/../b',
	'./a',
	'a//b',
	'a/',
	'a\\b',
	'c:a',
	'a\0b',
];

const isInvalid = async (call: Promise<unknown>): Promise<void> =>
	expect(call).rejects.toEqual(expect.objectContaining({ code: 'STORE_PATH_INVALID' }));

/** Properties that one process can see. */
export const sequentialChecks: readonly StoreCheck[] = [
	check('what is absent is null, and an empty list', async (store) => {
		expect(await store.read('a/b')).toBeNull();
		expect(await store.list('')).toEqual([]);
		expect(await store.list('a')).toEqual([]);
	}),
	check('bytes come back as they were given, in copies of their own', async (store) => {
		const cases: readonly [string, Uint8Array][] = [
			['empty', new Uint8Array()],
			['any', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
			['deep/er/large', randomBytes(1 << 20)],
		];
		for (const [path, bytes] of cases) {
			const given = Uint8Array.from(bytes);
			expect(await store.write([{ kind: 'create', path, bytes: given }])).toEqual(WRITTEN);
			given.fill(0);
			const first = await store.read(path);
			expect(Buffer.compare(first?.bytes ?? randomBytes(1), bytes)).toBe(0);
			first?.bytes.fill(1);
			expect(Buffer.compare((await store.read(path))?.bytes ?? randomBytes(1), bytes)).toBe(0);
		}
	}),
	check('create: the same bytes again are fine, other bytes are a conflict and stay out', async (store) => {
		expect(await store.write([create('a/b', '1')])).toEqual(WRITTEN);
		expect(await store.write([create('a/b', '1')])).toEqual(WRITTEN);
		expect(await store.write([create('a/b', '2')])).toEqual(conflictAt('a/b'));
		expect(toText(await store.read('a/b'))).toBe('1');
	}),
	check('replace from null: only where nothing lies', async (store) => {
		expect(await store.write([replace('a', '1', null)])).toEqual(WRITTEN);
		expect(await store.write([replace('a', '2', null)])).toEqual(conflictAt('a'));
		expect(await store.write([replace('a', '1', null)])).toEqual(conflictAt('a'));
		expect(toText(await store.read('a'))).toBe('1');
	}),
	check('replace: only the version that was read', async (store) => {
		await store.write([create('a', '1')]);
		const first = (await store.read('a'))?.version ?? null;
		expect(await store.write([replace('a', '2', first)])).toEqual(WRITTEN);
		expect(await store.write([replace('a', '3', first)])).toEqual(conflictAt('a'));
		expect(toText(await store.read('a'))).toBe('2');
		expect((await store.read('a'))?.version).not.toBe(first);
	}),
	check('replace: not what has been removed', async (store) => {
		await store.write([create('a', '1')]);
		const version = (await store.read('a'))?.version ?? null;
		await store.write([remove('a')]);
		expect(await store.write([replace('a', '2', version)])).toEqual(conflictAt('a'));
		expect(await store.read('a')).toBeNull();
	}),
	check('put replaces whatever lies there; remove is fine twice', async (store) => {
		expect(await store.write([put('a', '1')])).toEqual(WRITTEN);
		expect(await store.write([put('a', '2')])).toEqual(WRITTEN);
		expect(toText(await store.read('a'))).toBe('2');
		expect(await store.write([remove('a')])).toEqual(WRITTEN);
		expect(await store.write([remove('a')])).toEqual(WRITTEN);
		expect(await store.read('a')).toBeNull();
		expect(await store.list('')).toEqual([]);
	}),
	check('a conflict stops the changes after it', async (store) => {
		await store.write([create('taken', '1')]);
		const changes = [put('before', '1'), create('taken', '2'), put('after', '1')];
		expect(await store.write(changes)).toEqual(conflictAt('taken'));
		expect(await store.read('after')).toBeNull();
		expect(toText(await store.read('taken'))).toBe('1');
	}),
	check('several changes are all made', async (store) => {
		await store.write([create('old', '1')]);
		const changes = [create('a/1', '1'), put('a/2', '2'), remove('old'), replace('head', '3', null)];
		expect(await store.write(changes)).toEqual(WRITTEN);
		expect(await store.list('')).toEqual(['a/1', 'a/2', 'head']);
		expect(await store.write([])).toEqual(WRITTEN);
	}),
	check('list: a folder and all below it, sorted by code units', async (store) => {
		const paths = ['a-b', 'a/b', 'a/c/d', 'ab/x', 'Z', 'z', 'ä'];
		await store.write(paths.map((path) => create(path, path)));
		expect(await store.list('')).toEqual(['Z', 'a-b', 'a/b', 'a/c/d', 'ab/x', 'z', 'ä']);
		expect(await store.list('a')).toEqual(['a/b', 'a/c/d']);
		expect(await store.list('z')).toEqual([]);
	}),
	check(
		'all files of a folder, where they can be had at once, are those that are listed and read',
		async (store) => {
			await store.write(['a/b', 'a/c/d', 'ab/x'].map((path) => create(path, path)));
			const all = await store.readAll?.('a', (path) => path !== 'a/b');
			const read = await store.read('a/c/d');
			if (all) expect([...all]).toEqual([['a/c/d', read]]);
			expect(toText(read)).toBe('a/c/d');
		},
	),
	check('a folder is no file', async (store) => {
		await store.write([create('a/b', '1')]);
		expect(await store.read('a')).toBeNull();
	}),
	check('paths that lead elsewhere are refused, and nothing is written', async (store) => {
		for (const path of PATH_PROBLEMS) {
			await isInvalid(store.read(path));
			await isInvalid(store.write([put('good', '1'), put(path, '1')]));
			if (path !== '') await isInvalid(store.list(path));
		}
		await isInvalid(store.write([put('twice', '1'), put('twice', '2')]));
		expect(await store.list('')).toEqual([]);
	}),
	check('a guard that throws stops everything that would come after it', async (store) => {
		await store.write([create('head', '0')]);
		let allowed = 0;
		for (let stopped = true; stopped; allowed += 1) {
			const version = (await store.read('head'))?.version ?? null;
			let calls = 0;
			const fence = async () => {
				calls += 1;
				if (calls > allowed) throw new Error('fenced off');
			};
			const write = store.write(
				[create(`${allowed}/a`, '1'), put(`${allowed}/b`, '2'), replace('head', '1', version)],
				fence,
			);
			stopped = await write.then(() => false, isFence);
			expect(toText(await store.read('head'))).toBe(stopped ? '0' : '1');
			if (allowed === 0) expect(await store.list('')).toEqual(['head']);
		}
		expect(allowed).toBeGreaterThan(1);
	}),
	check('writers in one process race as well', async (store) => {
		const outcomes = await Promise.all(
			Array.from({ length: 8 }, (_, index) => store.write([create('a', `${index}`)])),
		);
		expect(outcomes.filter(({ outcome }) => outcome === 'written')).toHaveLength(1);
		const version = (await store.read('a'))?.version ?? null;
		const replaced = await Promise.all(
			Array.from({ length: 8 }, (_, index) => store.write([replace('a', `new ${index}`, version)])),
		);
		expect(replaced.filter(({ outcome }) => outcome === 'written')).toHaveLength(1);
	}),
];

const isFence = (thrown: unknown): true => {
	expect(thrown).toEqual(new Error('fenced off'));
	return true;
};
