import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore, type Store } from '@slipway/store';
import { type FenceEntry, isOutcomePath, Journal } from './journal.ts';

let folder: string;
let store: Store;
let journal: Journal;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'journal-'));
	store = directoryStore(folder);
	journal = new Journal(store, 'demo');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (path: string, text: string) => store.write([{ kind: 'put', path, bytes: Buffer.from(text) }]);
const entry = (number: number, operation: FenceEntry['operation'] = 'release'): FenceEntry => ({
	number,
	project: 'demo',
	version: '1.0.0',
	releaseId: 'id',
	operation,
	run: { key: 'run/1', actor: 'tester' },
	reason: null,
	time: '2026-01-02T03:04:05.000Z',
});

test.each([
	['releases/demo/1.0.0/outcomes/000001-upload-one-0.json', true],
	['releases/demo/1.0.0/outcomes/000001-a.b_C.json', true],
	['releases/demo/1.0.0/outcomes/000001-.json', false],
	['releases/demo/1.0.0/outcomes/01-upload.json', false],
	['releases/demo/1.0.0/outcomes/x000001-upload.json', false],
	['releases/demo/1.0.0/outcomes/000001-upload.json.exe', false],
	['releases/demo/1.0.0/outcomes/000001-a/b.json', false],
	[`releases/demo/1.0.0/outcomes/000001-${'x'.repeat(150)}.json`, true],
	[`releases/demo/1.0.0/outcomes/000001-${'x'.repeat(151)}.json`, false],
	['releases/demo/1.0.1/outcomes/000001-upload.json', false],
	['releases/other/1.0.0/outcomes/000001-upload.json', false],
	['releases/demo/1.0.0/plan.json', false],
	['000001-upload.json', false],
])('%s is an outcome of demo 1.0.0: %s', (path, expected) => {
	expect(isOutcomePath(path, 'demo', '1.0.0')).toBe(expected);
});

test.each([
	['plan.json', 'releases/demo/1.0.0/plan.json', '{', /rollback needs --to/],
	['a later plan', 'releases/demo/1.0.0/plan-2.json', '{"mediaType":"other"}', /rollback needs --to/],
	['the tenth plan', 'releases/demo/1.0.0/plan-10.json', '{', /rollback needs --to/],
	['a fence', 'fences/demo/000001.json', '{"number":0}', /when it is empty/],
	['a torn fence', 'fences/demo/000001.json', '', /when it is empty/],
])('%s that cannot be read: JOURNAL_CORRUPT, and what to restore', async (_name, path, text, hint) => {
	await put(path, text);
	const attempt = path.startsWith('fences') ? journal.readHistory() : journal.readPlans('1.0.0');
	await expect(attempt).rejects.toMatchObject({
		code: 'JOURNAL_CORRUPT',
		message: `cannot read ${path} of the journal`,
		hint: expect.stringMatching(hint),
		cause: expect.anything(),
	});
});

test('the history is in order of its numbers, each with its end; other files are none of it', async () => {
	for (const number of [2, 1, 3])
		await journal.createFence(entry(number, number === 3 ? 'restore' : 'release'));
	await journal.createEnd(entry(2), { state: 'HELD', reason: 'why', time: 'now' });
	await put('fences/demo/000004.json.bak', '{');
	await put('fences/demo/notes.json', '{');
	const history = await journal.readHistory();
	expect(history.map(({ fence, end }) => [fence.number, fence.operation, end?.state])).toEqual([
		[1, 'release', undefined],
		[2, 'release', 'HELD'],
		[3, 'restore', undefined],
	]);
	expect(await journal.readFenceNumber()).toBe(3);
	expect(await new Journal(store, 'other').readFenceNumber()).toBe(0);
});

test('a project may be called as a file', async () => {
	const other = new Journal(store, 'demo.json');
	const first = { ...entry(1), project: 'demo.json' };
	await other.createFence(first);
	await other.createEnd(first, { state: 'HELD', reason: 'why', time: 'now' });
	expect((await other.readHistory()).map(({ end }) => end?.state)).toEqual(['HELD']);
});

test('outcomes are read as far as they can be: what is torn is no hint', async () => {
	await journal.createOutcomes(entry(1), [
		{ name: 'upload-one-0', outcome: { ok: true } },
		{ name: 'end', outcome: { state: 'HELD' } },
	]);
	await put('releases/demo/1.0.0/outcomes/000002-torn.json', '{"a":');
	expect(await journal.readOutcomes('1.0.0')).toEqual([
		{ name: '000001-end.json', outcome: { state: 'HELD' } },
		{ name: '000001-upload-one-0.json', outcome: { ok: true } },
	]);
	expect(await journal.readOutcomes('2.0.0')).toEqual([]);
});

test('a record that is there with other bytes stays, and the others are written', async () => {
	await journal.createOutcomes(entry(1), [{ name: 'a', outcome: { first: true } }]);
	await journal.createOutcomes(entry(1), [
		{ name: 'a', outcome: { first: false } },
		{ name: 'b', outcome: { first: false } },
	]);
	expect((await journal.readOutcomes('1.0.0')).map(({ outcome }) => outcome)).toEqual([
		{ first: true },
		{ first: false },
	]);
});
