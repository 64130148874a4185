// One release through several jobs of a run: one claims, others publish without the right to write the journal, one records.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest } from '@slipway/core';
import { directoryStore, type Store } from '@slipway/store';
import { SimulatedRegistry, simulatedPublisher, testContext, VirtualClock } from '@slipway/testing';
import { isOutcomePath, Journal } from './journal.ts';
import { claimOnly, publishTargets } from './parts.ts';
import { recordRun } from './record.ts';
import { type ReleaseRequest, release } from './release.ts';

const toManifest = (version: string): Manifest => ({
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'demo',
	version,
	source: { repo: null, commit: null, ref: null },
	artifacts: ['one', 'two'].map((type) => ({
		name: `${type}-${version}.bin`,
		path: `artifacts/${type}-${version}.bin`,
		mediaType: 'application/octet-stream',
		size: 1,
		digest: { sha256: 'a'.repeat(64) },
		purl: `pkg:${type}/demo@${version}`,
	})),
});

let folder: string;
let one: SimulatedRegistry;
let two: SimulatedRegistry;
let base: Store;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'parts-'));
	one = new SimulatedRegistry();
	two = new SimulatedRegistry();
	base = directoryStore(join(folder, 'journal'));
});
afterEach(() => rm(folder, { recursive: true }));

const clock = new VirtualClock();
const context = () => testContext(folder, clock);

const request = (key: string, more: Partial<ReleaseRequest> = {}): ReleaseRequest => ({
	journal: new Journal(base, 'demo'),
	publishers: [
		simulatedPublisher(one, { id: 'one', type: 'one' }),
		simulatedPublisher(two, { id: 'two', type: 'two' }),
	],
	run: { key, actor: 'tester' },
	manifest: toManifest('1.0.0'),
	onFailure: 'rollback',
	place: 'here',
	...more,
});

/** The journal of a job that may not write it: what it writes is kept here. */
const toOutbox = (kept: string[]): Journal =>
	new Journal(
		{
			...base,
			write: async (changes) => {
				kept.push(...changes.map(({ path }) => path));
				return { outcome: 'written' };
			},
		},
		'demo',
	);

const share = (key: string, target: string, kept: string[] = []) =>
	publishTargets({ ...request(key), journal: toOutbox(kept), claimed: true, targets: [target] }, context());

const readEnds = async () =>
	(await new Journal(base, 'demo').readHistory()).map(({ fence, end }) => [fence.number, end?.state]);

test('jobs publish under the claim of their run and record nothing but outcomes', async () => {
	expect(await claimOnly(request('acme/demo/7/1'), context())).toMatchObject({ partial: true });
	const kept: string[] = [];
	for (const target of ['one', 'two'])
		expect(await share('acme/demo/7/1', target, kept)).toMatchObject({ state: 'HELD', partial: true });
	expect(kept.length).toBeGreaterThan(2);
	expect(kept.filter((path) => !isOutcomePath(path, 'demo', '1.0.0'))).toEqual([]);
	expect(await readEnds()).toEqual([[1, undefined]]);
	expect(await release(request('acme/demo/7/1'), context())).toMatchObject({ state: 'COMPLETED' });
	expect(await readEnds()).toEqual([[1, 'COMPLETED']]);
});

test('without a claim nothing is uploaded: no plan, no fence', async () => {
	await expect(share('acme/demo/7/1', 'one')).rejects.toMatchObject({ code: 'PLAN_MISSING' });
	await claimOnly(request('acme/demo/8/1'), context());
	await expect(share('acme/demo/7/1', 'one')).rejects.toMatchObject({ code: 'FENCE_MISSING' });
	expect(one.effects).toEqual([]);
});

test('a job that fails ends nothing; run again it goes on, also after its run was recorded', async () => {
	await claimOnly(request('acme/demo/7/1'), context());
	one.fault = () => 'refused';
	const kept: string[] = [];
	expect(await share('acme/demo/7/1', 'one', kept)).toMatchObject({ state: 'HELD', partial: false });
	expect(kept).toEqual([expect.stringMatching(/outcomes\/000001-stop-one\.json$/)]);
	expect(await readEnds()).toEqual([[1, undefined]]);
	const recorded = await recordRun({ ...request('acme/demo/7/1'), version: '1.0.0' }, context());
	expect(recorded).toMatchObject({ operation: 'status', state: 'HELD', next: 'slipway continue 1.0.0' });
	expect(await readEnds()).toEqual([[1, 'HELD']]);
	one.fault = () => undefined;
	expect(await share('acme/demo/7/2', 'one')).toMatchObject({ state: 'HELD', partial: true });
	expect(await share('acme/demo/7/2', 'two')).toMatchObject({ state: 'HELD', partial: true });
	expect(await release(request('acme/demo/7/2'), context())).toMatchObject({ state: 'COMPLETED' });
});

test('a run that was taken over publishes nothing more, and does not end what it does not hold', async () => {
	await claimOnly(request('acme/demo/7/1'), context());
	await claimOnly(request('acme/demo/9/1'), context());
	await expect(share('acme/demo/7/1', 'one')).rejects.toMatchObject({ code: 'FENCE_MISSING' });
	await recordRun({ ...request('acme/demo/7/1'), version: '1.0.0' }, context());
	expect(await readEnds()).toEqual([
		[1, undefined],
		[2, undefined],
	]);
	expect(one.effects).toEqual([]);
});

test('a run of another release that has begun meanwhile stops the jobs of this one', async () => {
	await claimOnly(request('acme/demo/7/1'), context());
	expect(await share('acme/demo/7/1', 'one')).toMatchObject({ partial: true });
	const other = { manifest: toManifest('1.1.0'), takeOver: 'urgent' };
	await claimOnly(request('acme/demo/9/1', other), context());
	await expect(share('acme/demo/7/1', 'two')).rejects.toMatchObject({ code: 'FENCE_HELD' });
	expect(two.effects).toEqual([]);
});

test('what a completed release recorded stays', async () => {
	await release(request('acme/demo/7/1'), context());
	const report = await recordRun({ ...request('acme/demo/7/1'), version: '1.0.0' }, context());
	expect(report.state).toBe('COMPLETED');
	expect(await readEnds()).toEqual([[1, 'COMPLETED']]);
});

test.each([
	['releases/demo/1.0.0/outcomes/000001-upload-npm-0.json', true],
	['releases/demo/1.0.0/outcomes/000001-end.json', true],
	['releases/demo/1.0.0/plan.json', false],
	['releases/demo/1.0.0/outcomes/plan.json', false],
	['releases/demo/1.0.0/outcomes/000001-a/b.json', false],
	['releases/demo/1.0.0/outcomes/../plan.json', false],
	['releases/demo/1.0.1/outcomes/000001-upload-npm-0.json', false],
	['releases/other/1.0.0/outcomes/000001-upload-npm-0.json', false],
	['fences/demo/000002.json', false],
	['fences/demo/000001-end.json', false],
	[`releases/demo/1.0.0/outcomes/000001-${'a'.repeat(300)}.json`, false],
])('%s is an outcome: %j', (path, expected) => {
	expect(isOutcomePath(path, 'demo', '1.0.0')).toBe(expected);
});
