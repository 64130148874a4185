// What is changed is recorded at once; what was only looked at comes with it, and before the next change.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest, SlipwayError } from '@slipway/core';
import { directoryStore, type Store } from '@slipway/store';
import { SimulatedRegistry, simulatedPublisher, testContext, VirtualClock } from '@slipway/testing';
import { type FenceEntry, Journal } from './journal.ts';
import { Records } from './records.ts';
import { release } from './release.ts';
import { rollback } from './rollback.ts';

let folder: string;
let registry: SimulatedRegistry;
/** Changes of the target, and the names of what each write brought to the journal, in order. */
let events: string[];
let store: Store;

const toName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace('.json', '');

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'records-'));
	registry = new SimulatedRegistry();
	registry.fault = (mutation) => void events.push(mutation.split(' ')[0] ?? '');
	events = [];
	const directory = directoryStore(join(folder, 'journal'));
	store = {
		...directory,
		write: async (changes, guard) => {
			events.push(changes.map(({ path }) => toName(path)).join(' + '));
			return directory.write(changes, guard);
		},
	};
});
afterEach(() => rm(folder, { recursive: true }));

const MANIFEST: Manifest = {
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'demo',
	version: '1.0.0',
	source: { repo: null, commit: null, ref: null },
	artifacts: [
		{
			name: 'one.bin',
			path: 'artifacts/one.bin',
			mediaType: 'application/octet-stream',
			size: 1,
			digest: { sha256: 'a'.repeat(64) },
			purl: 'pkg:one/demo@1.0.0',
		},
	],
};

const context = () => testContext(folder, new VirtualClock());
const project = (journal: Store = store) => ({
	journal: new Journal(journal, 'demo'),
	publishers: [simulatedPublisher(registry, { id: 'one', type: 'one' })],
	run: { key: randomUUID(), actor: 'tester' },
});
const releaseWith = (journal?: Store) =>
	release({ ...project(journal), manifest: MANIFEST, onFailure: 'hold', place: 'here' }, context());

const END = ['000001-verify-exposed-one + 000001-end + 000001-end'];

test('a release: every change is recorded before the next one, and its end is one write', async () => {
	await releaseWith();
	expect(events).toEqual([
		'plan',
		'000001',
		'upload',
		'000001-upload-one-0',
		'000001-verify-hidden-one',
		'expose',
		'000001-expose-one',
		...END,
	]);
});

test('a release that finds its bytes there records them with what comes next', async () => {
	await releaseWith({
		...store,
		list: async (path) => {
			if (events.includes('000001-upload-one-0')) throw new Error('cut off');
			return store.list(path);
		},
	}).catch(() => {});
	events = [];
	await releaseWith();
	const [fence, ...then] = events;
	expect(fence).toBe('000002');
	expect(then[0]).toBe('000002-upload-one-0 + 000002-verify-hidden-one');
	expect(then[1]).toBe('expose');
});

test('an end that is there already with other words stays, and keeps no record away', async () => {
	await releaseWith();
	await store.write([
		{ kind: 'remove', path: 'releases/demo/1.0.0/outcomes/000001-verify-exposed-one.json' },
	]);
	const journal = new Journal(store, 'demo');
	const [entry] = await journal.readHistory();
	if (!entry) throw new Error('no entry');
	const end = { state: 'HELD', reason: 'other', time: 'now' };
	const outcomes = ['verify-exposed-one', 'end'].map((name) => ({ name, outcome: { name } }));
	await journal.createEnd(entry.fence, end, outcomes);
	expect((await journal.readHistory())[0]?.end?.state).toBe('COMPLETED');
	const found = await journal.readOutcomes('1.0.0');
	expect(found.find(({ name }) => name.includes('verify-exposed'))?.outcome).toEqual(outcomes[0]?.outcome);
	expect(found.find(({ name }) => name.endsWith('-end.json'))?.outcome).toMatchObject({ state: 'COMPLETED' });
});

test('a rollback: one write when the pointers are back, one at the end', async () => {
	await releaseWith();
	events = [];
	await rollback({ ...project(), version: '1.0.0', reason: 'bad', act: true }, context());
	expect(events.filter((event) => !event.startsWith('withdraw'))).toEqual([
		'000002',
		'000002-withdraw-one',
		expect.stringMatching(
			/^000002-end \+ 000002-end$|^000002-verify-withdrawn-one \+ 000002-end \+ 000002-end$/,
		),
	]);
});

describe('a journal that cannot be written', () => {
	const fence: FenceEntry = {
		number: 1,
		project: 'demo',
		version: '1.0.0',
		releaseId: 'id',
		operation: 'release',
		run: { key: '42/1', actor: 'tester' },
		reason: null,
		time: '2026-01-02T03:04:05.000Z',
	};
	const recordingTo = (code: string) => {
		const write = () => Promise.reject(new SlipwayError(code, 'it said no', { hint: 'Wait.' }));
		const recording = { journal: new Journal({ ...store, write }, 'demo'), fence, context: context() };
		return { records: new Records(recording), lines: recording.context.lines };
	};

	test('for a while: what is missing is named', async () => {
		const { records, lines } = recordingTo('STORE_UNREACHABLE');
		records.note('seen', {});
		await records.record('changed', {});
		expect(lines).toEqual(['warning the record seen, changed is missing in the journal: it said no']);
	});

	test('for good: that is an error', async () => {
		const { records } = recordingTo('STORE_READ_ONLY');
		await expect(records.record('changed', {})).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
	});
});
