import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangeContext } from '@slipway/core';
import { directoryStore, type Store } from '@slipway/store';
import { VirtualClock } from '@slipway/testing';
import { cleanPool } from './clean-pool.ts';
import { toClearText } from './clear-text.ts';
import { addDebs, removePackage, resign } from './manage.ts';
import { parseRelease, type Release } from './release-file.ts';
import type { Repository } from './repository.ts';
import { toSampleDeb } from './sample-deb.fixture.ts';
import { generateSigningKey, readSigningKey, type SigningKey } from './signing-key.ts';
import { openSuite } from './suite-view.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-11-21T05:19:00.250Z');
const PLACE = { suite: 'stable', component: 'main' };

let folder: string;
let store: Store;
let clock: VirtualClock;
let change: ChangeContext;
let key: SigningKey;

const makeKey = async (days: number, createdAt = START - DAY_MS): Promise<SigningKey> =>
	readSigningKey(
		(await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days, createdAt })).privateKey,
	);

beforeAll(async () => {
	key = await makeKey(4000);
});
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-manage-'));
	store = directoryStore(folder);
	clock = new VirtualClock(START);
	const log = { debug: () => {}, info: () => {}, warning: () => {} };
	const context = { log, clock, tempDir: folder, signal: new AbortController().signal };
	change = { context, guard: async () => {} };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const toRepository = (options: Partial<Repository> = {}): Repository => ({
	store,
	origin: 'Example',
	label: 'Example',
	architectures: ['amd64'],
	signingKey: key,
	trustedKeys: [],
	...options,
});

const add = (name: string, version: string, options: Partial<Repository> = {}) =>
	addDebs(toRepository(options), { ...PLACE, debs: [toSampleDeb(name, version).bytes], keep: 2 }, change);

const readBytes = async (path: string): Promise<Uint8Array> =>
	(await store.read(path))?.bytes ?? new Uint8Array();
const readRelease = async (): Promise<Release> =>
	parseRelease(toClearText(await readBytes('dists/stable/InRelease')));
const readPointer = async (name: string): Promise<string[]> => {
	const view = await openSuite(toRepository(), 'stable', { now: clock.now() });
	return (await view.stanzas('main', name)).map(({ version }) => version);
};

test('add keeps as many versions as asked for, remove takes one or all', async () => {
	for (const version of ['1.0-1', '1.1-1', '1.2-1']) await add('greet', version);
	await add('tally', '1.0-1');
	expect(await readPointer('greet')).toEqual(['1.1-1', '1.2-1']);
	await removePackage(toRepository(), { ...PLACE, name: 'greet', version: '1.2-1' }, change);
	expect(await readPointer('greet')).toEqual(['1.1-1']);
	await removePackage(toRepository(), { ...PLACE, name: 'greet' }, change);
	expect(await readPointer('greet')).toEqual([]);
	expect(await readPointer('tally')).toEqual(['1.0-1']);
	await expect(removePackage(toRepository(), { ...PLACE, name: 'greet' }, change)).rejects.toMatchObject({
		code: 'APT_PACKAGE_UNKNOWN',
	});
});

test('a name and version never gets other bytes', async () => {
	await add('greet', '1.0-1');
	const { bytes } = toSampleDeb('greet', '1.0-1', { content: 'other' });
	await expect(addDebs(toRepository(), { ...PLACE, debs: [bytes], keep: 2 }, change)).rejects.toMatchObject({
		code: 'APT_VERSION_TAKEN',
	});
	const { bytes: foreign } = toSampleDeb('greet', '1.1-1', { architecture: 's390x' });
	await expect(addDebs(toRepository(), { ...PLACE, debs: [foreign], keep: 2 }, change)).rejects.toMatchObject(
		{
			code: 'APT_ARCHITECTURE_UNKNOWN',
		},
	);
});

test('dates: in whole seconds, each later than the one before, at most 5 s ahead, else it waits', async () => {
	const dates: number[] = [];
	for (let version = 1; version <= 9; version += 1) {
		await add('greet', `${version}-1`);
		const { date } = await readRelease();
		expect(date % 1000).toBe(0);
		expect(date).toBeLessThanOrEqual(clock.now() + 5000);
		dates.push(date - START);
	}
	expect(dates).toEqual(Array.from({ length: 9 }, (_, at) => at * 1000 - 250));
	expect(clock.now()).toBeGreaterThan(START);
});

test('a served date that is far ahead is refused, one that is a little ahead is waited for', async () => {
	clock.advance(40_000);
	await add('greet', '1.0-1');
	clock.advance(-40_000);
	await add('greet', '1.1-1');
	expect(clock.now() - START).toBeGreaterThan(35_000);
	clock.advance(-DAY_MS / 2);
	await expect(add('greet', '1.2-1')).rejects.toMatchObject({ code: 'APT_DATE_AHEAD' });
});

test('Valid-Until: an expired repository is refused until it is signed again on purpose', async () => {
	await add('greet', '1.0-1', { validDays: 7 });
	expect((await readRelease()).validUntil).toBe((await readRelease()).date + 7 * DAY_MS);
	clock.advance(8 * DAY_MS);
	await expect(add('greet', '1.1-1', { validDays: 7 })).rejects.toMatchObject({
		code: 'APT_REPOSITORY_EXPIRED',
	});
	await expect(resign(toRepository(), { suite: 'stable' }, change)).rejects.toMatchObject({
		code: 'APT_REPOSITORY_EXPIRED',
	});
	const { files } = await readRelease();
	await resign(toRepository({ validDays: 7 }), { suite: 'stable', acceptServed: true }, change);
	expect((await readRelease()).files).toEqual(files);
	await add('greet', '1.1-1', { validDays: 7 });
	await expect(resign(toRepository(), { suite: 'testing' }, change)).rejects.toMatchObject({
		code: 'APT_SUITE_UNKNOWN',
	});
});

test('a new key takes over where the old one is trusted; without it the repository is somebody else’s', async () => {
	await add('greet', '1.0-1');
	const next = await makeKey(4000);
	await expect(add('greet', '1.1-1', { signingKey: next })).rejects.toMatchObject({
		code: 'APT_REPOSITORY_OTHER_KEY',
	});
	await add('greet', '1.1-1', { signingKey: next, trustedKeys: [key.publicKey] });
	await add('greet', '1.2-1', { signingKey: next });
});

test('an expired key does not sign, and what it signed is taken over on purpose only', async () => {
	const short = await makeKey(30);
	await add('greet', '1.0-1', { signingKey: short });
	clock.advance(60 * DAY_MS);
	await expect(add('greet', '1.1-1', { signingKey: short })).rejects.toMatchObject({
		code: 'APT_KEY_EXPIRED',
	});
	const options = { trustedKeys: [short.publicKey] };
	await expect(add('greet', '1.1-1', options)).rejects.toMatchObject({ code: 'APT_KEY_EXPIRED' });
	await resign(toRepository(options), { suite: 'stable', acceptServed: true }, change);
	await add('greet', '1.1-1');
});

test('an older state that was put back can be accepted on purpose; serials still only grow', async () => {
	await add('greet', '1.0-1');
	const old = await readBytes('dists/stable/InRelease');
	await add('greet', '1.1-1');
	await store.write([{ kind: 'put', path: 'dists/stable/InRelease', bytes: old }]);
	await expect(add('greet', '1.2-1')).rejects.toMatchObject({ code: 'APT_REPOSITORY_REPLAYED' });
	await resign(toRepository(), { suite: 'stable', acceptServed: true }, change);
	expect((await readRelease()).serial).toBe(3);
	expect(await readPointer('greet')).toEqual(['1.0-1']);
	await add('greet', '1.2-1');
});

test('every Release that was served is archived', async () => {
	for (const version of ['1.0-1', '1.1-1', '1.2-1']) await add('greet', version);
	const archive = await store.list('history/stable');
	expect(archive.map((path) => path.replace(/-[0-9a-f]{16}$/, ''))).toEqual([
		'history/stable/00000001',
		'history/stable/00000002',
		'history/stable/00000003',
	]);
	expect(await readBytes(archive.at(-1) ?? '')).toEqual(await readBytes('dists/stable/InRelease'));
});

const listByHash = async (): Promise<number> =>
	(await store.list('dists')).filter((path) => path.includes('/by-hash/')).length;

test('by-hash copies stay for seven days and three Releases, then they go; nothing that is named goes', async () => {
	for (let version = 1; version <= 7; version += 1) await add('greet', `${version}-1`);
	expect(await listByHash()).toBe(7);
	clock.advance(DAY_MS);
	await add('greet', '8-1');
	expect(await listByHash()).toBe(8);
	for (let version = 9; version <= 15; version += 1) await add('greet', `${version}-1`);
	clock.advance(8 * DAY_MS);
	await add('greet', '16-1');
	// The two Releases before the newest, whose files clients may still ask for.
	expect(await listByHash()).toBe(3);
	const { files } = await readRelease();
	for (const [path, { sha256 }] of files)
		expect(
			path.endsWith('/Packages') || (await store.list('dists')).some((copy) => copy.endsWith(sha256)),
		).toBe(true);
	expect(await store.list('history/stable')).toHaveLength(16);
});

test('the pool is cleaned of what left the index long ago, and of nothing else', async () => {
	for (const version of ['1-1', '2-1', '3-1']) await add('greet', version);
	const hidden = toSampleDeb('greet', '9-1');
	const path = 'pool/main/g/greet/greet_9-1_all.deb';
	await store.write([{ kind: 'create', path, bytes: hidden.bytes }]);
	expect(await cleanPool(toRepository(), change)).toEqual([]);
	clock.advance(8 * DAY_MS);
	expect(await cleanPool(toRepository(), change)).toEqual([]);
	for (const version of ['4-1', '5-1', '6-1']) await add('greet', version);
	clock.advance(8 * DAY_MS);
	await resign(toRepository(), { suite: 'stable' }, change);
	const removed = await cleanPool(toRepository(), change);
	expect(removed).toContain('pool/main/g/greet/greet_1-1_all.deb');
	const left = await store.list('pool');
	expect(left).toContain(path);
	expect(left).toContain('pool/main/g/greet/greet_6-1_all.deb');
	for (const name of removed) expect(left).not.toContain(name);
});

test('a publish while the pool is looked at is not overlooked: what it names again stays', async () => {
	for (const version of ['1-1', '2-1', '3-1', '4-1']) await add('greet', version);
	clock.advance(8 * DAY_MS);
	for (const version of ['5-1', '6-1', '7-1']) await add('greet', version);
	clock.advance(8 * DAY_MS);
	await resign(toRepository(), { suite: 'stable' }, change);
	const { bytes } = toSampleDeb('greet', '2-1');
	let isBack = false;
	const list: Store['list'] = async (prefix) => {
		if (prefix === 'pool' && !isBack) {
			isBack = true;
			await addDebs(toRepository(), { ...PLACE, debs: [bytes], keep: 9 }, change);
		}
		return store.list(prefix);
	};
	const removed = await cleanPool(toRepository({ store: { ...store, list } }), change);
	const paths = ['1-1', '2-1', '3-1'].map((version) => `pool/main/g/greet/greet_${version}_all.deb`);
	expect(paths.map((path) => removed.includes(path))).toEqual([true, false, true]);
	expect((await readBytes(paths[1] ?? '')).length).toBeGreaterThan(0);
	expect(await readPointer('greet')).toContain('2-1');
});

/** As a store over HTTP counts: one request for each file that is read, listed, written or removed. */
const countRequests = (requests: string[]): Store => ({
	...store,
	read: (path) => {
		requests.push(`read ${path}`);
		return store.read(path);
	},
	list: (prefix) => {
		requests.push(`list ${prefix}`);
		return store.list(prefix);
	},
	write: (changes, guard) => {
		requests.push(...changes.map(({ kind, path }) => `${kind} ${path}`));
		return store.write(changes, guard);
	},
});

test.each([
	['add', ['amd64'], 10],
	['add', ['amd64', 'arm64'], 13],
	['remove', ['amd64'], 9],
] as const)(
	'%s of one package for all in %j costs few requests, and none depends on how many others there are',
	async (task, architectures, expected) => {
		for (const name of ['sum', 'tally', 'count', 'greet']) await add(name, '1.0-1', { architectures });
		const requests: string[] = [];
		const repository = toRepository({ architectures, store: countRequests(requests) });
		if (task === 'remove') await removePackage(repository, { ...PLACE, name: 'greet' }, change);
		else {
			const { bytes } = toSampleDeb('greet', '1.1-1');
			await addDebs(repository, { ...PLACE, debs: [bytes], keep: 2 }, change);
		}
		expect([requests.length, requests]).toEqual([expected, expect.anything()]);
	},
);
