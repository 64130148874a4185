import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeGitHub, type FakeJob, runStep, testAtLength, withFakeGitHub } from '@slipway/testing';

let temp: string;
beforeEach(async () => {
	temp = await mkdtemp(join(tmpdir(), 'check-cache-'));
});
afterEach(() => rm(temp, { recursive: true, force: true }));

const main = join(import.meta.dirname, 'cache.fixture.ts');

const ask = async (
	github: FakeGitHub,
	questions: string,
	{ later = 0, job }: { later?: number; job?: FakeJob } = {},
) => {
	const step = await runStep({
		main,
		workspace: temp,
		inputs: { questions, later: String(later) },
		environment: { ...github.toEnvironment(job), RUNNER_TEMP: temp },
	});
	expect([step.errors, step.code]).toEqual([[], 0]);
	return { answers: step.outputs.answers, summary: step.summary, log: step.log };
};

test('answers are kept between runs by what was asked, and the summary tells how many', async () => {
	await withFakeGitHub(async (github) => {
		expect(await ask(github, 'a\nb')).toMatchObject({ answers: 'asked, asked' });
		const again = await ask(github, 'a\nb\nc');
		expect(again.answers).toBe('answer to a, answer to b, asked');
		expect(again.summary).toBe('Cache: 2 of 3 answers of registries (67 %).');
	});
});

testAtLength('an answer of yesterday is asked for again', async () => {
	await withFakeGitHub(async (github) => {
		await ask(github, 'a');
		expect((await ask(github, 'a', { later: 25 * 3_600_000 })).answers).toBe('asked');
	});
});

test('an entry with other bytes than its key says is not used, and that is told', async () => {
	await withFakeGitHub(async (github) => {
		const later = 25 * 3_600_000;
		await ask(github, 'a');
		await ask(github, 'a', { later });
		const [older, newer] = github.caches.list();
		// A whole archive of this very file, as an earlier run left it: nothing but the digest can tell.
		github.caches.tamper(newer?.key ?? '', older?.blob.bytes ?? Buffer.alloc(0));
		const told = await ask(github, 'a', { later });
		expect(told.answers).toBe('asked');
		expect(told.summary).toContain('0 of 1 answers of registries (0 %); 1 refused');
		expect(told.log).toContain('holds other bytes than its key says');
	});
});

testAtLength('without a service, or without the right to it, every answer is asked for', async () => {
	await withFakeGitHub(async (github) => {
		expect((await ask(github, 'a', { job: { cacheMode: 'none' } })).answers).toBe('asked');
		expect(github.caches.list()).toEqual([]);
		// A reply as the service writes it: one that cannot be read is asked for again, five times in half a minute.
		const body = JSON.stringify({ code: 'invalid_argument', msg: 'no' });
		github.misbehave({ path: /CacheService/, times: 100, effect: { status: 400, body } });
		expect((await ask(github, 'a')).answers).toBe('asked');
	});
});
