import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest } from '@slipway/core';
import { directoryStore } from '@slipway/store';
import { SimulatedRegistry, simulatedPublisher, testContext, VirtualClock } from '@slipway/testing';
import { Journal } from './journal.ts';
import { recordRun } from './record.ts';
import { type ReleaseRequest, release } from './release.ts';

const VERSION = '1.0.0';
const SHA256 = 'a'.repeat(64);
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
			digest: { sha256: SHA256 },
			purl: `pkg:one/demo@${VERSION}`,
		},
	],
};

let folder: string;
let registry: SimulatedRegistry;
let journal: Journal;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'record-'));
	registry = new SimulatedRegistry();
	journal = new Journal(directoryStore(join(folder, 'journal')), 'demo');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const project = (key = '42/1') => ({
	journal,
	publishers: [simulatedPublisher(registry, { id: 'one', type: 'one' })],
	run: { key, actor: 'tester' },
});
const context = () => testContext(folder, new VirtualClock());
const run = (more: Partial<ReleaseRequest> = {}) =>
	release({ ...project(), manifest: MANIFEST, onFailure: 'hold', place: 'here', ...more }, context());
const record = (key?: string) => recordRun({ ...project(key), version: VERSION }, context());
const lastEnd = async () => (await journal.readHistory()).at(-1)?.end;

/** A release that is killed at its first change of a target: claimed, and not ended. */
const breakOff = async (): Promise<void> => {
	registry.fault = () => {
		throw new Error('killed');
	};
	const { createEnd } = journal;
	journal.createEnd = () => Promise.reject(new Error('killed'));
	await run().catch(() => {});
	journal.createEnd = createEnd;
	registry.fault = () => {};
	expect(await lastEnd()).toBeNull();
};

test('what this run claimed and did not bring to its end is held, and says so', async () => {
	await breakOff();
	const report = await record('42/2');
	expect(report).toMatchObject({
		state: 'HELD',
		reason: 'the run ended before the release did; last recorded: release, not ended',
	});
	expect(await lastEnd()).toMatchObject({ state: 'HELD', reason: 'the run ended before the release did' });
});

test('what another run claimed is left to it', async () => {
	await breakOff();
	expect((await record('43/1')).reason).toBe('last recorded: release, not ended');
	expect(await lastEnd()).toBeNull();
});

test('a release that came to its end has had its last word', async () => {
	await run();
	expect(await record()).toMatchObject({ state: 'COMPLETED', reason: 'last recorded: release, COMPLETED' });
	expect((await lastEnd())?.state).toBe('COMPLETED');
});

test('nothing of it reached its goal by ending: all that is exposed is held too', async () => {
	await breakOff();
	await run({ run: { key: 'other', actor: 'tester' } });
	const [, newest] = await journal.readHistory();
	if (!newest) throw new Error('no entry');
	await journal.store.write([{ kind: 'remove', path: 'fences/demo/000002-end.json' }]);
	expect(await record('other')).toMatchObject({ state: 'COMPLETED' });
	expect((await lastEnd())?.state).toBe('HELD');
});

test('bytes of somebody else are called what they are', async () => {
	await breakOff();
	const publisher = project().publishers[0];
	if (!publisher) throw new Error('no publisher');
	const mismatch = { ...publisher, probe: async () => ({ state: 'mismatch' as const, found: 'b' }) };
	const report = await recordRun(
		{ ...project(), publishers: [mismatch as unknown as typeof publisher], version: VERSION },
		context(),
	);
	expect(report.state).toBe('STOPPED_MISMATCH');
	expect((await lastEnd())?.state).toBe('STOPPED_MISMATCH');
});

test('what somebody else has to do is waited for under its name', async () => {
	await breakOff();
	const [publisher] = project().publishers;
	if (!publisher) throw new Error('no publisher');
	const probe: typeof publisher.probe = async () => ({
		state: 'pending',
		waitsFor: 'person',
		reason: 'a scan',
	});
	const waiting = { ...project(), publishers: [{ ...publisher, probe }], version: VERSION };
	expect((await recordRun(waiting, context())).state).toBe('PENDING_EXTERNAL');
	expect((await lastEnd())?.state).toBe('PENDING_EXTERNAL');
});

test('an unfinished way back is not ended by it', async () => {
	await breakOff();
	const [entry] = await journal.readHistory();
	if (!entry) throw new Error('no entry');
	await journal.createFence({ ...entry.fence, number: 2, operation: 'abort' });
	expect((await record()).reason).toBe('last recorded: abort, not ended');
	expect(await lastEnd()).toBeNull();
});
