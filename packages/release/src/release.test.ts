import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest } from '@slipway/core';
import { directoryStore } from '@slipway/store';
import { SimulatedRegistry, simulatedPublisher, testContext, VirtualClock } from '@slipway/testing';
import { abort } from './abort.ts';
import { continueOperation } from './continue.ts';
import { Journal } from './journal.ts';
import { type ReleaseRequest, release } from './release.ts';
import { restore } from './restore.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';

const toManifest = (version: string, seed = 'a'): Manifest => ({
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'demo',
	version,
	source: { repo: null, commit: null, ref: null },
	artifacts: ['one', 'two'].map((type) => ({
		name: `${type}-${version}.bin`,
		path: `artifacts/${type}-${version}.bin`,
		mediaType: 'application/octet-stream',
		size: 1,
		digest: { sha256: seed.repeat(64) },
		purl: `pkg:${type}/demo@${version}`,
	})),
});

let folder: string;
let one: SimulatedRegistry;
let two: SimulatedRegistry;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'release-'));
	one = new SimulatedRegistry();
	two = new SimulatedRegistry();
});

afterEach(() => rm(folder, { recursive: true }));

const clock = new VirtualClock();
const context = () => testContext(folder, clock);

const request = (version = '1.0.0', more: Partial<ReleaseRequest> = {}): ReleaseRequest => ({
	journal: new Journal(directoryStore(join(folder, 'journal')), 'demo'),
	publishers: [
		simulatedPublisher(one, { id: 'one', type: 'one' }),
		simulatedPublisher(two, { id: 'two', type: 'two' }),
	],
	run: { key: randomUUID(), actor: 'tester' },
	manifest: toManifest(version),
	onFailure: 'rollback',
	place: 'here',
	...more,
});

const pointers = () => [one.pointers.get('pkg:one/demo') ?? null, two.pointers.get('pkg:two/demo') ?? null];
const undo = (version: string) => ({ ...request(), version, reason: 'it is bad', act: true });

test('a release exposes every target, and releasing it again changes nothing', async () => {
	const report = await release(request(), context());
	expect(report).toMatchObject({ state: 'COMPLETED', next: null });
	expect(pointers()).toEqual(['1.0.0', '1.0.0']);
	const effects = [...one.effects, ...two.effects];
	expect(effects).toHaveLength(4);
	expect(await release(request(), context())).toMatchObject({ state: 'COMPLETED' });
	expect([...one.effects, ...two.effects]).toEqual(effects);
});

test('everything is uploaded everywhere before the first pointer moves', async () => {
	const order: string[] = [];
	one.fault = (mutation) => void order.push(mutation);
	two.fault = (mutation) => void order.push(mutation);
	await release(request(), context());
	expect(order.map((mutation) => mutation.split(' ')[0])).toEqual(['upload', 'upload', 'expose', 'expose']);
});

test('F3: a reply that is lost after the effect is settled by asking, never by sending again', async () => {
	one.fault = (_, n) => (n <= 2 ? 'lost-after' : undefined);
	expect(await release(request(), context())).toMatchObject({ state: 'COMPLETED' });
	expect(one.effects).toEqual(['upload one-1.0.0.bin', 'expose pkg:one/demo 1.0.0']);
});

test('F4: requests that never arrive are sent again at most five times, then the run is held', async () => {
	let sent = 0;
	one.fault = () => {
		sent += 1;
		return 'lost-before';
	};
	expect(await release(request(), context())).toMatchObject({
		state: 'HELD',
		next: 'slipway continue 1.0.0',
	});
	expect(sent).toBe(5);
	expect(pointers()).toEqual([null, null]);
	one.fault = () => undefined;
	expect(await release(request(), context())).toMatchObject({ state: 'COMPLETED' });
	expect(pointers()).toEqual(['1.0.0', '1.0.0']);
});

test('F9: bytes that were accepted and are not seen yet are waited for, not sent again', async () => {
	one.fault = () => {
		one.staleReads = 6;
		return undefined;
	};
	expect(await release(request(), context())).toMatchObject({ state: 'COMPLETED' });
	expect(one.effects.filter((effect) => effect.startsWith('upload'))).toHaveLength(1);
});

test('F7: bytes that never become visible end as PENDING_EXTERNAL with nothing exposed, and go on later', async () => {
	one.fault = () => {
		one.staleReads = 1_000_000;
		return undefined;
	};
	expect(await release(request(), context())).toMatchObject({
		state: 'PENDING_EXTERNAL',
		next: 'slipway continue 1.0.0',
	});
	expect(pointers()).toEqual([null, null]);
	one.staleReads = 0;
	one.fault = () => undefined;
	const resumed = await continueOperation({ ...request(), version: '1.0.0', manifest: undefined }, context());
	expect(resumed).toMatchObject({ state: 'COMPLETED' });
	expect(one.effects.filter((effect) => effect.startsWith('upload'))).toHaveLength(1);
});

test("somebody else's bytes under our version stop the release before anything is exposed", async () => {
	two.files.set('two-1.0.0.bin', 'f'.repeat(64));
	const report = await release(request(), context());
	expect(report).toMatchObject({ state: 'STOPPED_MISMATCH' });
	expect(pointers()).toEqual([null, null]);
	expect(two.effects).toEqual([]);
});

test('F15: a Release folder with other bytes than planned is refused', async () => {
	one.silent = true;
	expect(await release(request(), context())).toMatchObject({ state: 'HELD' });
	one.silent = false;
	const report = await release(request('1.0.0', { manifest: toManifest('1.0.0', 'b') }), context());
	expect(report).toMatchObject({ state: 'STOPPED_MISMATCH' });
	expect(report.reason).toContain('expected sha256 aaaa');
	expect(one.effects).toEqual([]);
});

test('a target that cannot be exposed: the others are withdrawn again', async () => {
	two.fault = (mutation) => (mutation.startsWith('expose') ? 'refused' : undefined);
	const report = await release(request(), context());
	expect(report).toMatchObject({ state: 'ROLLED_BACK', next: 'slipway restore 1.0.0 --yes' });
	expect(pointers()).toEqual([null, null]);
	two.fault = () => undefined;
	expect(await restore(undo('1.0.0'), context())).toMatchObject({ state: 'COMPLETED' });
	expect(pointers()).toEqual(['1.0.0', '1.0.0']);
});

test('on-failure: hold keeps what is exposed and says so', async () => {
	two.fault = (mutation) => (mutation.startsWith('expose') ? 'refused' : undefined);
	expect(await release(request('1.0.0', { onFailure: 'hold' }), context())).toMatchObject({ state: 'HELD' });
	expect(pointers()).toEqual(['1.0.0', null]);
});

test('F12: a pointer that somebody moved is never overwritten; --repoint plans from where it is', async () => {
	one.silent = true;
	await release(request('1.1.0'), context());
	one.silent = false;
	two.pointers.set('pkg:two/demo', '1.0.9');
	expect(await release(request('1.1.0'), context())).toMatchObject({
		state: 'HELD',
		next: 'slipway continue 1.1.0 --repoint',
	});
	expect(pointers()).toEqual([null, '1.0.9']);
	expect(await release(request('1.1.0', { repoint: true }), context())).toMatchObject({ state: 'COMPLETED' });
	expect(await rollback(undo('1.1.0'), context())).toMatchObject({ state: 'ROLLED_BACK' });
	expect(pointers()).toEqual([null, '1.0.9']);
});

test('rollback is a dry run unless told to act, leaves foreign pointers alone, and can be restored', async () => {
	await release(request('1.0.0'), context());
	await release(request('2.0.0'), context());
	const dry = await rollback({ ...undo('2.0.0'), act: false }, context());
	expect(dry).toMatchObject({ dryRun: true, state: 'COMPLETED' });
	expect(dry.reason).toContain('2.0.0 -> 1.0.0');
	expect(pointers()).toEqual(['2.0.0', '2.0.0']);
	two.pointers.set('pkg:two/demo', '2.0.1');
	const report = await rollback(undo('2.0.0'), context());
	expect(report.state).toBe('ROLLED_BACK');
	expect(pointers()).toEqual(['1.0.0', '2.0.1']);
	expect(report.subjects[1]?.problem).toContain('not ours');
	two.pointers.set('pkg:two/demo', '1.0.0');
	expect(await restore(undo('2.0.0'), context())).toMatchObject({ state: 'COMPLETED' });
	expect(pointers()).toEqual(['2.0.0', '2.0.0']);
});

test('a first version whose pointer cannot move back is never reported as rolled back', async () => {
	one.keepsPointers = true;
	await release(request('1.0.0'), context());
	const report = await rollback(undo('1.0.0'), context());
	expect(report).toMatchObject({ state: 'HELD', next: null });
	expect(report.reason).toContain('Release a higher version');
	expect(await status({ ...request(), version: '1.0.0' }, context())).toMatchObject({
		state: 'HELD',
		next: null,
	});
	expect(pointers()).toEqual(['1.0.0', null]);
});

test('abort ends a release that is not exposed; an exposed one is refused', async () => {
	await expect(abort({ ...undo('1.0.0') }, context())).rejects.toMatchObject({ code: 'PLAN_MISSING' });
	two.silent = true;
	await release(request(), context());
	two.silent = false;
	expect(await abort(undo('1.0.0'), context())).toMatchObject({ state: 'ABORTED', next: null });
	await expect(release(request(), context())).rejects.toMatchObject({ code: 'OPERATION_REFUSED' });
	await release(request('1.0.1'), context());
	await expect(abort(undo('1.0.1'), context())).rejects.toMatchObject({ code: 'OPERATION_REFUSED' });
});

test('F11: a run that is overtaken stops before its next change', async () => {
	const publisher = simulatedPublisher(one, { id: 'one', type: 'one' });
	const paused = {
		...publisher,
		upload: async (...args: Parameters<typeof publisher.upload>) => {
			const newer = await release(request('1.0.0'), context());
			expect(newer.state).toBe('COMPLETED');
			return publisher.upload(...args);
		},
	};
	await expect(release(request('1.0.0', { publishers: [paused] }), context())).rejects.toMatchObject({
		code: 'FENCE_LOST',
	});
	expect(one.effects).toEqual(['upload one-1.0.0.bin', 'expose pkg:one/demo 1.0.0']);
});

test("another release's unfinished operation holds the fence; a take-over is explicit", async () => {
	const killed = context();
	const probe = () => {
		killed.abort(new Error('killed'));
		return Promise.reject(new Error('killed'));
	};
	const crashing = { ...simulatedPublisher(one, { id: 'one', type: 'one' }), probe };
	await expect(release(request('1.0.0', { publishers: [crashing] }), killed)).rejects.toThrow('killed');
	await expect(release(request('1.0.1'), context())).rejects.toMatchObject({ code: 'FENCE_HELD' });
	expect(await release(request('1.0.1', { takeOver: 'the first run is gone' }), context())).toMatchObject({
		state: 'COMPLETED',
	});
});

test('F24: a forged or deleted journal never causes a skip', async () => {
	const journal = request().journal;
	await release(request('1.0.0'), context());
	one.files.clear();
	one.pointers.clear();
	// The journal says COMPLETED; the target says otherwise, and is right.
	expect(await release(request('1.0.0'), context())).toMatchObject({ state: 'COMPLETED' });
	expect(one.files.size).toBe(1);
	for (const path of await journal.store.list('')) await journal.store.write([{ kind: 'remove', path }]);
	const before = [...one.effects, ...two.effects];
	expect(await release(request('1.0.0'), context())).toMatchObject({ state: 'COMPLETED' });
	expect([...one.effects, ...two.effects]).toEqual(before);
});

test('status asks the targets', async () => {
	await release(request('1.0.0'), context());
	expect(await status({ ...request(), version: '1.0.0' }, context())).toMatchObject({ state: 'COMPLETED' });
	two.files.set('two-1.0.0.bin', 'f'.repeat(64));
	expect(await status({ ...request(), version: '1.0.0' }, context())).toMatchObject({
		state: 'STOPPED_MISMATCH',
	});
	two.pointers.delete('pkg:two/demo');
	expect(await status({ ...request(), version: '1.0.0' }, context())).toMatchObject({
		state: 'STOPPED_MISMATCH',
		next: 'slipway rollback 1.0.0 --reason TEXT --yes',
	});
});

test('a re-pointed release keeps what exposed subjects go back to', async () => {
	await release(request('1.0.0'), context());
	two.fault = (mutation) => (mutation.startsWith('expose') ? 'refused' : undefined);
	expect(await release(request('1.1.0', { onFailure: 'hold' }), context())).toMatchObject({ state: 'HELD' });
	two.fault = () => undefined;
	two.pointers.set('pkg:two/demo', '1.0.5');
	const repointed = await release(request('1.1.0', { onFailure: 'hold', repoint: true }), context());
	expect(repointed).toMatchObject({ state: 'COMPLETED' });
	expect(await rollback(undo('1.1.0'), context())).toMatchObject({ state: 'ROLLED_BACK' });
	expect(pointers()).toEqual(['1.0.0', '1.0.5']);
});

test('what was taken back is not released again, also when taking back was cut off or held', async () => {
	await release(request('1.0.0'), context());
	await release(request('1.1.0'), context());
	const fault = (mutation: string) => (mutation.startsWith('withdraw') ? 'refused' : undefined);
	Object.assign(one, { fault });
	Object.assign(two, { fault });
	const held = { state: 'HELD', next: 'slipway continue 1.1.0' };
	expect(await rollback(undo('1.1.0'), context())).toMatchObject(held);
	expect(await status({ ...request(), version: '1.1.0' }, context())).toMatchObject(held);
	await expect(release(request('1.1.0'), context())).rejects.toMatchObject({ code: 'OPERATION_REFUSED' });
	one.fault = () => undefined;
	two.fault = () => undefined;
	const goesOn = await continueOperation({ ...request(), version: '1.1.0', manifest: undefined }, context());
	expect(goesOn).toMatchObject({ operation: 'rollback', state: 'ROLLED_BACK' });
	expect(pointers()).toEqual(['1.0.0', '1.0.0']);
});

test('a rollback of a release that nobody gets any more changes nothing and says so', async () => {
	await release(request('1.0.0'), context());
	await release(request('1.1.0'), context());
	await release(request('1.2.0'), context());
	const held = { state: 'HELD', next: null };
	expect(await rollback(undo('1.1.0'), context())).toMatchObject(held);
	expect(await status({ ...request(), version: '1.1.0' }, context())).toMatchObject(held);
	expect(pointers()).toEqual(['1.2.0', '1.2.0']);
});

test('a Release folder of another version or project is refused', async () => {
	await release(request('1.0.0'), context());
	const other = { ...request('1.1.0'), version: '1.0.0', manifest: toManifest('1.1.0') };
	await expect(continueOperation(other, context())).rejects.toMatchObject({ code: 'OPERATION_REFUSED' });
	const foreign = request('1.1.0', { manifest: { ...toManifest('1.1.0'), project: 'other' } });
	await expect(release(foreign, context())).rejects.toMatchObject({ code: 'OPERATION_REFUSED' });
});

test('a restore that finds something newer ends there: no command is printed that would turn in circles', async () => {
	await release(request('1.0.0'), context());
	await release(request('1.1.0'), context());
	await rollback(undo('1.1.0'), context());
	one.pointers.set('pkg:one/demo', '2.0.0');
	const held = { state: 'HELD', next: null };
	expect(await restore(undo('1.1.0'), context())).toMatchObject(held);
	expect(await status({ ...request(), version: '1.1.0' }, context())).toMatchObject(held);
	expect(pointers()).toEqual(['2.0.0', '1.0.0']);
});

test('what was rolled back and is shown again by somebody is rolled back again, not gone on with', async () => {
	await release(request('1.0.0'), context());
	await release(request('1.1.0'), context());
	await rollback(undo('1.1.0'), context());
	one.pointers.set('pkg:one/demo', '1.1.0');
	const held = { state: 'HELD', next: 'slipway rollback 1.1.0 --reason TEXT --yes' };
	expect(await status({ ...request(), version: '1.1.0' }, context())).toMatchObject(held);
	const goesOn = await continueOperation({ ...request(), version: '1.1.0', manifest: undefined }, context());
	expect(goesOn).toMatchObject(held);
	expect(await rollback(undo('1.1.0'), context())).toMatchObject({ state: 'ROLLED_BACK' });
	expect(pointers()).toEqual(['1.0.0', '1.0.0']);
});

test('the status of a release whose rollback was killed says that the rollback goes on', async () => {
	await release(request('1.0.0'), context());
	await release(request('1.1.0'), context());
	const killed = context();
	two.fault = () => {
		killed.abort(new Error('killed'));
		return 'lost-before';
	};
	await expect(rollback(undo('1.1.0'), killed)).rejects.toThrow('was lost');
	two.fault = () => undefined;
	const report = await status({ ...request(), version: '1.1.0' }, context());
	expect(report).toMatchObject({ state: 'HELD', next: 'slipway continue 1.1.0' });
	const goesOn = await continueOperation({ ...request(), version: '1.1.0', manifest: undefined }, context());
	expect(goesOn).toMatchObject({ operation: 'rollback', state: 'ROLLED_BACK' });
});
