// What the simulated seeds (`npm run faults -- --seed N`) once found, each as a test of its own.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest, type Publisher, SlipwayError } from '@slipway/core';
import { directoryStore, type Store } from '@slipway/store';
import { SimulatedRegistry, simulatedPublisher, testContext, VirtualClock } from '@slipway/testing';
import { abort } from './abort.ts';
import { Journal } from './journal.ts';
import { type ReleaseRequest, release } from './release.ts';
import { restore } from './restore.ts';
import { rollback } from './rollback.ts';

const VERSION = '1.1.0';

const MANIFEST: Manifest = {
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'demo',
	version: VERSION,
	source: { repo: null, commit: null, ref: null },
	artifacts: [
		{
			name: 'one.bin',
			path: 'artifacts/one.bin',
			mediaType: 'application/octet-stream',
			size: 1,
			digest: { sha256: 'a'.repeat(64) },
			purl: `pkg:one/demo@${VERSION}`,
		},
	],
};

let folder: string;
let registry: SimulatedRegistry;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'release-found-'));
	registry = new SimulatedRegistry();
	registry.pointers.set('pkg:one/demo', '1.0.0');
});

afterEach(() => rm(folder, { recursive: true }));

const toPublisher = (traits: Partial<Publisher['traits']> = {}): Publisher =>
	simulatedPublisher(registry, { id: 'one', type: 'one', traits });

const toStore = (): Store => directoryStore(join(folder, 'journal'));

const request = (more: Partial<ReleaseRequest> & { readonly store?: Store } = {}): ReleaseRequest => ({
	journal: new Journal(more.store ?? toStore(), 'demo'),
	publishers: [toPublisher()],
	run: { key: randomUUID(), actor: 'tester' },
	manifest: MANIFEST,
	onFailure: 'rollback',
	place: 'here',
	...more,
});

const undo = () => ({ ...request(), version: VERSION, reason: 'it is bad', act: true });

/** A store that does not answer the next `times` calls that `isMeant` names. */
const silent = (isMeant: (what: string) => boolean, times: number): Store => {
	const store = toStore();
	let left = times;
	const strike = (what: string): void => {
		if (left === 0 || !isMeant(what)) return;
		left -= 1;
		throw new SlipwayError('STORE_UNREACHABLE', 'no answer', { hint: 'Wait.' });
	};
	return {
		...store,
		list: async (prefix) => {
			strike(`list ${prefix}`);
			return store.list(prefix);
		},
		write: async (changes, guard) => {
			for (const { path } of changes) strike(`write ${path}`);
			return store.write(changes, guard);
		},
	};
};

test.each([
	['a record that cannot be written', (what: string) => /write .*expose-one/.test(what), 1],
	['records that can never be written', (what: string) => /write .*outcomes/.test(what), 1000],
	['an end that is written at the third try', (what: string) => /write .*-end.json/.test(what), 2],
])('%s takes no release back (seed 4531)', async (_name, isMeant, times) => {
	const report = await release(request({ store: silent(isMeant, times) }), testContext(folder));
	expect(report).toMatchObject({ state: 'COMPLETED' });
	expect(registry.effects).toEqual(['upload one.bin', `expose pkg:one/demo ${VERSION}`]);
	expect((await request().journal.readHistory())[0]?.end?.state).toBe('COMPLETED');
});

test('a fence that is not answered for once is asked for again before a change', async () => {
	const publisher = toPublisher();
	let isArmed = false;
	let asked = 0;
	const isMeant = (what: string): boolean => {
		if (!isArmed || what !== 'list fences/demo') return false;
		asked += 1;
		return true;
	};
	const armed: Publisher = {
		...publisher,
		expose: (subjects, change) => {
			isArmed = true;
			return publisher.expose(subjects, change);
		},
	};
	const store = silent(isMeant, 2);
	const report = await release(request({ store, publishers: [armed] }), testContext(folder));
	expect(report).toMatchObject({ state: 'COMPLETED' });
	expect(asked).toBeGreaterThanOrEqual(2);
});

test('a clock that jumps ahead lets nothing appear: bytes are waited for, and sent once (seed 8337)', async () => {
	const clock = new VirtualClock();
	const publisher = toPublisher({ safeProbe: false, visibleWithin: 60_000 });
	let [isSent, hiddenFor] = [false, 3];
	const late: Publisher = {
		...publisher,
		upload: async (...given) => {
			await publisher.upload(...given);
			isSent = true;
			return { outcome: 'unknown', reason: 'no reply' };
		},
		probe: async (artifact, context) => {
			if (!isSent || hiddenFor === 0) return publisher.probe(artifact, context);
			hiddenFor -= 1;
			clock.advance(86_400_000);
			return { state: 'absent' };
		},
	};
	const report = await release(request({ publishers: [late] }), testContext(folder, clock));
	expect(report).toMatchObject({ state: 'COMPLETED' });
	expect(registry.effects).toEqual(['upload one.bin', `expose pkg:one/demo ${VERSION}`]);
	expect(hiddenFor).toBe(0);
});

test('an aborted release is not rolled back, and so never restored (seed 938)', async () => {
	registry.silent = true;
	expect(await release(request(), testContext(folder))).toMatchObject({ state: 'HELD' });
	registry.silent = false;
	expect(await abort(undo(), testContext(folder))).toMatchObject({ state: 'ABORTED' });
	for (const operation of [rollback, restore])
		await expect(operation(undo(), testContext(folder))).rejects.toMatchObject({
			code: 'OPERATION_REFUSED',
			message: `${VERSION} was aborted and never exposed`,
		});
	expect(registry.pointers.get('pkg:one/demo')).toBe('1.0.0');
});

test('a forged end ABORTED keeps nobody from rolling back what is exposed', async () => {
	await release(request(), testContext(folder));
	const store = toStore();
	const path = 'fences/demo/000001-end.json';
	const end = JSON.stringify({ state: 'ABORTED', reason: 'forged', time: '2026-01-01T00:00:00Z' });
	await store.write([{ kind: 'put', path, bytes: new TextEncoder().encode(end) }]);
	expect(await rollback(undo(), testContext(folder))).toMatchObject({ state: 'ROLLED_BACK' });
	expect(registry.pointers.get('pkg:one/demo')).toBe('1.0.0');
});

test('a version to go back to that was withdrawn itself stops no release that goes on (seed 554)', async () => {
	registry.silent = true;
	await release(request(), testContext(folder));
	registry.silent = false;
	const publisher = toPublisher();
	const findings = [
		{ severity: 'error', code: 'X_WITHDRAWN', message: '1.0.0 was withdrawn', hint: 'No.' },
	] as const;
	const withFindings = (onlyBack: boolean): Publisher => ({
		...publisher,
		preflight: async (asked, context) => ({
			...(await publisher.preflight(asked, context)),
			findings:
				asked.operation === 'rollback'
					? findings.map((finding) => ({ ...finding, ...(onlyBack ? { onlyBack: true as const } : {}) }))
					: [],
		}),
	});
	const held = await release(request({ publishers: [withFindings(false)] }), testContext(folder));
	expect(held).toMatchObject({ state: 'HELD', reason: expect.stringContaining('X_WITHDRAWN') });
	const context = testContext(folder);
	expect(await release(request({ publishers: [withFindings(true)] }), context)).toMatchObject({
		state: 'COMPLETED',
	});
	expect(context.lines.join('\n')).toContain('no way back');
	await expect(
		rollback({ ...undo(), publishers: [withFindings(true)] }, testContext(folder)),
	).rejects.toMatchObject({ code: 'OPERATION_REFUSED' });
});

test('who claims right after another attempt knows that something may have been sent', async () => {
	const visibleWithin = 60_000;
	const slow = toPublisher({ safeProbe: false, visibleWithin });
	const store = toStore();
	const context = testContext(folder);
	let hasRaced = false;
	/** The other attempt claims and uploads between this one's look at the history and its claim; its bytes are seen late. */
	const racing: Store = {
		...store,
		list: async (prefix) => {
			const paths = await store.list(prefix);
			if (
				prefix === 'fences/demo' &&
				paths.length === 0 &&
				!hasRaced &&
				(await store.list('releases')).length > 0
			) {
				hasRaced = true;
				const killed = testContext(folder);
				const probe: Publisher['probe'] = (artifact, probing) => {
					if (registry.effects.length > 0) killed.abort(new Error('killed'));
					return slow.probe(artifact, probing);
				};
				await release(request({ publishers: [{ ...slow, probe }] }), killed).catch(() => {});
				registry.staleReads = 3;
			}
			return paths;
		},
	};
	const report = await release(request({ store: racing, publishers: [slow] }), context);
	expect(hasRaced).toBe(true);
	expect(report).toMatchObject({ state: 'COMPLETED' });
	expect(registry.effects.filter((effect) => effect.startsWith('upload'))).toHaveLength(1);
});

test('each time that bytes were sent, they may show as late as the first time (seed 3551)', async () => {
	const visibleWithin = 60_000;
	registry.fault = (mutation, n) => {
		if (!mutation.startsWith('upload')) return undefined;
		if (n === 1) return 'lost-before';
		registry.staleReads = 1;
		return 'lost-after';
	};
	const slow = toPublisher({ safeProbe: false, visibleWithin });
	const report = await release(request({ publishers: [slow] }), testContext(folder));
	expect(report).toMatchObject({ state: 'COMPLETED' });
	expect(registry.effects.filter((effect) => effect.startsWith('upload'))).toHaveLength(1);
});
