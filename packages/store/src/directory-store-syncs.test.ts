// Which files and folders are synced, when, and what an fsync that fails makes of a write: seen by standing between the store
// and the system. Real disks that fail: directory-store-crash.test.ts.
import { existsSync, readlinkSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { directoryStore } from './directory-store.ts';
import { syncFolder } from './durable-file.ts';
import type { Change } from './store.ts';

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

let base: string;
let folder: string;
beforeEach(async () => {
	base = await mkdtemp(join(tmpdir(), 'slipway-syncs-'));
	folder = join(base, 'store');
});
afterEach(() => rm(base, { recursive: true, force: true }));

const create = (path: string): Change => ({ kind: 'create', path, bytes: new TextEncoder().encode(path) });

interface Seen {
	/** Relative to the folder around the store; `new` for an unfinished file. */
	readonly path: string;
	readonly isHeadThere: boolean;
}

/** Runs a task while every fsync is told to `onSync`, which may throw, and noted. */
const watch = async (
	task: () => Promise<unknown>,
	onSync: (path: string) => void = () => {},
): Promise<Seen[]> => {
	const handle = await open(base, 'r');
	const prototype = Object.getPrototypeOf(handle);
	await handle.close();
	const { sync } = prototype;
	const seen: Seen[] = [];
	prototype.sync = async function (this: typeof handle) {
		const real = readlinkSync(`/proc/self/fd/${this.fd}`);
		const path = basename(real).startsWith('new-') ? 'new' : relative(base, real);
		onSync(path);
		await sync.call(this);
		seen.push({ path, isHeadThere: existsSync(join(folder, 'head')) });
	};
	try {
		await task();
	} finally {
		prototype.sync = sync;
	}
	return seen;
};

const fail = (where: string, code: string) => (path: string) => {
	if (path === where) throw Object.assign(new Error(`${code}: injected`), { code });
};

describeOnLinux('a write', () => {
	test('has each file, each folder with a new name and those around it durable; all but the last before it', async () => {
		const seen = await watch(() => directoryStore(folder).write([create('pool/x/a'), create('head')]));
		const before = seen.filter(({ isHeadThere }) => !isHeadThere).map(({ path }) => path);
		const after = seen.filter(({ isHeadThere }) => isHeadThere).map(({ path }) => path);
		expect(before.filter((path) => path === 'new')).toHaveLength(2);
		expect(new Set(before)).toEqual(new Set(['new', '', 'store', 'store/pool', 'store/pool/x']));
		expect(before.lastIndexOf('new')).toBeLessThan(before.indexOf('store/pool/x'));
		expect(new Set(after)).toEqual(new Set(['', 'store']));
	});

	test('has folders durable that another made and was killed', async () => {
		const store = directoryStore(folder);
		await store.write([create('pool/x/a')]);
		const seen = await watch(() => store.write([create('pool/x/a')]));
		expect(new Set(seen.map(({ path }) => path))).toEqual(
			new Set(['', 'store', 'store/pool', 'store/pool/x']),
		);
	});

	test('syncs the folders of its private folder when it makes it', async () => {
		const seen = await watch(() => directoryStore(folder).write([{ kind: 'remove', path: 'absent/a' }]));
		expect(seen.map(({ path }) => path).sort()).toEqual(['', '', 'store', 'store']);
	});

	test.each([
		['store/pool', 'EINVAL', undefined],
		['store/pool', 'ENOTSUP', undefined],
		['store/pool', 'EIO', 'STORE_WRITE_FAILED'],
		['store/pool', 'EACCES', 'STORE_READ_ONLY'],
		['store', 'EACCES', 'STORE_READ_ONLY'],
		['new', 'EIO', 'STORE_WRITE_FAILED'],
		['new', 'EINVAL', 'STORE_WRITE_FAILED'],
	])('whose fsync of %s fails with %s: %s', async (where, errno, code) => {
		const store = directoryStore(folder);
		await store.write([create('first')]);
		const attempt = watch(() => store.write([create('pool/a')]), fail(where, errno));
		if (code === undefined) await attempt;
		else await expect(attempt).rejects.toEqual(expect.objectContaining({ name: 'SlipwayError', code }));
		expect((await store.list('')).includes('pool/a')).toBe(where !== 'new');
	});

	test('is not held up by the folder around the store, which may be that of another', async () => {
		const store = directoryStore(folder);
		await store.write([create('first')]);
		await watch(() => store.write([create('a')]), fail('', 'EACCES'));
		await expect(watch(() => store.write([create('b')]), fail('', 'EIO'))).rejects.toMatchObject({
			code: 'STORE_WRITE_FAILED',
		});
	});
});

test('a folder that is not there cannot be synced', async () => {
	await expect(syncFolder(join(dirname(folder), 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
