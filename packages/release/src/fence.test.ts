import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore } from '@slipway/store';
import { testContext, VirtualClock } from '@slipway/testing';
import { type Claim, claimFence, isOfRun, joinFence, toGuard, waitUntilFree } from './fence.ts';
import { Journal } from './journal.ts';

let folder: string;
let journal: Journal;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'fence-'));
	journal = new Journal(directoryStore(folder), 'demo');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const claim = (more: Partial<Claim> = {}): Claim => ({
	version: '1.0.0',
	releaseId: 'id',
	operation: 'release',
	run: { key: '42/1', actor: 'tester' },
	reason: null,
	...more,
});
const take = (more: Partial<Claim> = {}, clock = new VirtualClock()) =>
	claimFence(journal, claim(more), testContext(folder, clock));
const end = async (state = 'COMPLETED') => {
	const newest = (await journal.readHistory()).at(-1);
	if (!newest) throw new Error('no entry');
	await journal.createEnd(newest.fence, { state, reason: 'why', time: 'now' });
};

describe('jobs of one run', () => {
	test('share one entry while it has not ended', async () => {
		const first = await take();
		const second = await take();
		expect(second.fence).toEqual(first.fence);
		expect(first.history).toEqual([]);
		expect(second.history.map(({ fence }) => fence.number)).toEqual([1]);
	});

	test.each<[string, Partial<Claim>]>([
		['another attempt', { run: { key: '42/2', actor: 'tester' } }],
		['another operation', { operation: 'abort' }],
		['another release of the version', { releaseId: 'other' }],
	])('%s takes the next number', async (_name, more) => {
		await take();
		expect((await take(more)).fence.number).toBe(2);
	});

	test('so does the same job after the end', async () => {
		await take();
		await end();
		expect((await take()).fence.number).toBe(2);
	});
});

describe('another release that has not ended', () => {
	test('is waited for, to the last moment and not longer', async () => {
		const begun = new VirtualClock().now();
		await take();
		for (const [waitMs, slept] of [
			[undefined, 0],
			[0, 0],
			[2000, 2000],
			[2500, 3000],
		] as const) {
			const clock = new VirtualClock();
			await expect(take({ version: '2.0.0', waitMs }, clock)).rejects.toMatchObject({
				code: 'FENCE_HELD',
				message: expect.stringContaining('release of demo 1.0.0 (tester, since '),
				hint: expect.stringContaining('slipway continue 1.0.0'),
			});
			expect(clock.now() - begun).toBe(slept);
		}
	});

	test('is followed at once when it has ended, and no entry stands in the way of its own version', async () => {
		await take();
		const free = { version: '1.0.0', takeOver: undefined };
		expect(await waitUntilFree(journal, free, testContext(folder))).toHaveLength(1);
		await end();
		expect((await take({ version: '2.0.0', releaseId: 'two' })).fence.number).toBe(2);
	});

	test('is overruled for a reason, which is recorded beside that of the operation', async () => {
		await take();
		const { fence } = await take({
			version: '2.0.0',
			releaseId: 'two',
			takeOver: 'it is dead',
			reason: 'a bug',
		});
		expect(fence).toMatchObject({ number: 2, reason: 'a bug; take-over: it is dead' });
		await end();
		expect((await take({ version: '3.0.0', releaseId: 'three', reason: 'a bug' })).fence.reason).toBe(
			'a bug',
		);
		await end();
		expect((await take({ version: '4.0.0', releaseId: 'four' })).fence.reason).toBeNull();
	});

	test('a claim is checked against what is recorded, and not made where it may not follow', async () => {
		await take();
		await end();
		const check = (history: readonly unknown[]) => {
			if (history.length > 0) throw new Error('may not follow');
		};
		await expect(take({ version: '2.0.0', check })).rejects.toThrow('may not follow');
		expect(await journal.readFenceNumber()).toBe(1);
	});
});

describe('a job that may not write the journal', () => {
	const join = (more: Partial<Claim> = {}) => joinFence(journal, claim(more));

	test('joins what its run has claimed, in any attempt, ended or not', async () => {
		const { fence } = await take({ run: { key: '42/12', actor: 'tester' } });
		for (const key of ['42/12', '42/1', '42/345']) {
			const joined = await join({ run: { key, actor: 'other' } });
			expect(joined.fence).toEqual(fence);
			expect(joined.history).toHaveLength(1);
		}
		await end('HELD');
		expect((await join()).fence).toEqual(fence);
	});

	test.each<[string, Partial<Claim>]>([
		['of another run', { run: { key: '43/1', actor: 'tester' } }],
		['of a run whose number begins so', { run: { key: '42/1/7', actor: 'tester' } }],
		['of another release', { releaseId: 'other' }],
	])('and is none %s', async (_name, more) => {
		await take();
		await expect(join(more)).rejects.toMatchObject({
			code: 'FENCE_MISSING',
			message: expect.stringMatching(/claimed 1\.0\.0, but .* is release of 1\.0\.0 by run 42\/1$/),
			hint: expect.stringContaining('Claim the release in a job before this one'),
		});
	});

	test('and is none where the run has gone on with something else, or nothing is recorded', async () => {
		await expect(join()).rejects.toMatchObject({
			code: 'FENCE_MISSING',
			message: expect.stringMatching(/is nothing$/),
		});
		await take({ operation: 'abort' });
		await expect(join()).rejects.toMatchObject({ code: 'FENCE_MISSING' });
	});
});

test('a run is its key without the number of the attempt', async () => {
	const { fence } = await take({ run: { key: 'a/7/1', actor: 'tester' } });
	for (const [key, expected] of [
		['a/7/1', true],
		['a/7/22', true],
		['a/8/1', false],
		['a/7', false],
		['a/7/x', false],
	] as const)
		expect([key, isOfRun(fence, { key, actor: 'other' })]).toEqual([key, expected]);
});

test('a guard lets the newest through, and nobody else, and nobody who was cancelled', async () => {
	const { fence } = await take();
	const context = testContext(folder);
	const guard = toGuard(journal, fence, context);
	await guard();
	await take({ run: { key: '42/2', actor: 'tester' } });
	await expect(guard()).rejects.toMatchObject({
		code: 'FENCE_LOST',
		message: expect.stringContaining('expected fence 1 to be the newest, got 2'),
		hint: expect.stringContaining('slipway status'),
	});
	context.abort(new Error('cancelled'));
	await expect(guard()).rejects.toThrow('cancelled');
});
