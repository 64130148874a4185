// Artifacts of one run by their names: attempts, legs of a matrix, outcomes. Against the fake of GitHub's service.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toTarBytes } from '@slipway/archive';
import { type FakeGitHub, startFakeGitHub, testContext } from '@slipway/testing';
import { uploadArtifact } from './artifact.ts';
import { requireNewest } from './attempt.ts';
import { findLegs, parseRunners, verifyOtherJobs } from './legs.ts';
import { receiveOutcomes, withOutcomes } from './outcomes.ts';
import type { Runner } from './run-action.ts';
import { parseRunPlace, toRunPlace } from './run-place.ts';

let github: FakeGitHub & { stop(): Promise<void> };
let folder: string;
let runner: Runner;
let lines: readonly string[];

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'run-artifacts-'));
	github = await startFakeGitHub();
	const context = testContext(folder);
	lines = context.lines;
	runner = {
		context,
		environment: { ...github.environment, GITHUB_RUN_ATTEMPT: '2' },
		workspace: folder,
		maskSecret: () => {},
		run: { key: 'k', actor: 'ada' },
	};
});
afterEach(async () => {
	await github.stop();
	await rm(folder, { recursive: true });
});

const upload = async (...names: readonly string[]): Promise<void> => {
	for (const name of names) await uploadArtifact(name, Buffer.from(name), runner);
};

test('the highest attempt counts, whatever else begins with that name', async () => {
	await upload('b-x-1.tar', 'b-x-2.tar', 'b-x-01.tar', 'b-x-arm-2.tar', 'b-x-2.tar.gz', 'ab-x-2.tar');
	expect((await requireNewest('b-x', runner)).name).toBe('b-x-2.tar');
	expect((await requireNewest('b-x-arm', runner)).name).toBe('b-x-arm-2.tar');
});

test('none, and one of an attempt that has not begun, are refused', async () => {
	await expect(requireNewest('b-x', runner)).rejects.toMatchObject({ code: 'RUNNER_ARTIFACT_MISSING' });
	await upload('b-x-1.tar', 'b-x-3.tar');
	await expect(requireNewest('b-x', runner)).rejects.toMatchObject({ code: 'RUNNER_ARTIFACT_INVALID' });
});

describe('legs', () => {
	test('each of the list, others are said', async () => {
		await upload('p-ubuntu-24.04-1.tar', 'p-ubuntu-24.04-2.tar', 'p-mac-1.tar', 'p-old-1.tar');
		const legs = await findLegs('p', ['mac', 'ubuntu-24.04'], runner);
		expect(legs.map(({ runner, artifact }) => [runner, artifact.name])).toEqual([
			['mac', 'p-mac-1.tar'],
			['ubuntu-24.04', 'p-ubuntu-24.04-2.tar'],
		]);
		expect(lines.filter((line) => line.includes('left out'))).toEqual([
			expect.stringContaining('p-old-1.tar'),
		]);
	});

	const uploadAs = (job: string, name: string) =>
		uploadArtifact(name, Buffer.from(name), { ...runner, environment: github.toEnvironment({ job }) });

	test('what a job of the tests left in the place of a build is refused, on whichever runner', async () => {
		const labels = ['a', 'b'];
		const find = (prefix: string) => findLegs(prefix, labels, runner);
		await uploadAs('build-a', 'built-a-1.tar');
		await uploadAs('prove-a', 'built-b-1.tar');
		await uploadAs('prove-b', 'proved-b-1.tar');
		await uploadAs('prove-c', 'proved-a-1.tar');
		const [built, proved] = [await find('built'), await find('proved')];
		expect(() => verifyOtherJobs(built, proved, runner.environment)).not.toThrow();
		await uploadAs('prove-a', 'proved-a-2.tar');
		const refusal = expect.objectContaining({ code: 'RUNNER_ARTIFACT_MISMATCH' });
		const again = await find('proved');
		expect(() => verifyOtherJobs(built, again, runner.environment)).toThrow(refusal);
	});

	test('where all jobs go by one name, who left what is not known', async () => {
		await upload('built-a-1.tar', 'proved-a-1.tar');
		const [built, proved] = [await findLegs('built', ['a'], runner), await findLegs('proved', ['a'], runner)];
		expect(() => verifyOtherJobs(built, proved, runner.environment)).not.toThrow();
	});

	test('a missing one is named', async () => {
		await upload('p-mac-1.tar');
		await expect(findLegs('p', ['mac', 'ubuntu-24.04', 'win'], runner)).rejects.toMatchObject({
			code: 'RUNNER_ARTIFACT_MISSING',
			message: expect.stringMatching(/ubuntu-24\.04, win/),
		});
	});

	test.each([
		'',
		'ubuntu-24.04',
		'{}',
		'[]',
		'[1]',
		'[""]',
		'["a","a"]',
		'["a/b"]',
		'[["self-hosted"]]',
		'["a\\n::error::x"]',
		'["__proto__",{"__proto__":1}]',
		`[${Array.from({ length: 300 }, (_, index) => `"r${index}"`)}]`,
	])('%j is no list of labels', (text) => {
		expect(() => parseRunners(text)).toThrow(expect.objectContaining({ code: 'RUNNER_INPUT_INVALID' }));
	});
});

describe('outcomes', () => {
	const work = (name: string | undefined, task: (outbox: string | undefined) => Promise<unknown>) =>
		withOutcomes(name, runner, task).catch((thrown: unknown) => thrown);

	test('what a job leaves is uploaded, also where it fails; without a name nothing is', async () => {
		const failure = new Error('the step failed');
		expect(
			await work('journal-1-npm-upload.tar', async (outbox = '') => {
				await writeFile(join(outbox, 'a.json'), '{}');
				await writeFile(join(outbox, '.private'), 'x');
				throw failure;
			}),
		).toBe(failure);
		expect(await work(undefined, async (outbox) => outbox)).toBeUndefined();
		expect(await work('journal-2-npm-upload.tar', async () => 'nothing left')).toBe('nothing left');
		expect(github.artifacts.list().map(({ name }) => name)).toEqual(['journal-1-npm-upload.tar']);
		expect(await receiveOutcomes('journal-', runner)).toEqual({
			files: [{ artifact: 'journal-1-npm-upload.tar', path: 'a.json', bytes: Buffer.from('{}') }],
			leftOut: [],
		});
	});

	test('a name that is taken, and a service that is down, are said and fail nothing', async () => {
		const leaveOne = (name: string) =>
			work(name, async (outbox = '') => {
				await writeFile(join(outbox, 'a.json'), '{}');
				return 'done';
			});
		expect(await leaveOne('journal-1-npm.tar')).toBe('done');
		expect(await leaveOne('journal-1-npm.tar')).toBe('done');
		expect(lines.filter((line) => line.startsWith('warning'))).toEqual([
			expect.stringMatching(/outcomes of this job were not uploaded: .*409/),
		]);
	});

	test('a step that was cancelled still says what it has done', async () => {
		const context = testContext(folder);
		const cancelled: Runner = { ...runner, context };
		await withOutcomes('journal-1-apt.tar', cancelled, async (outbox = '') => {
			await writeFile(join(outbox, 'a.json'), '{}');
			context.abort(new Error('cancelled'));
		});
		expect(github.artifacts.list().map(({ name }) => name)).toEqual(['journal-1-apt.tar']);
	});

	test('what cannot be read is left out and said, the others are read', async () => {
		await upload('journal-1-torn.tar');
		const entry = { name: 'b.json', mode: 0o644, content: Buffer.from('{}') };
		const good = toTarBytes([{ ...entry, type: 'file' }], { mtime: 0 });
		await uploadArtifact('journal-2-good.tar', good, runner);
		await uploadArtifact('journal-10-late.tar', good, runner);
		await uploadArtifact('journal-3-changed.tar', good, runner);
		github.artifacts.tamper('journal-3-changed.tar', Buffer.concat([good, Buffer.alloc(1)]));
		const { files, leftOut } = await receiveOutcomes('journal-', runner);
		expect(files.map(({ artifact }) => artifact)).toEqual(['journal-2-good.tar', 'journal-10-late.tar']);
		expect(leftOut).toEqual([
			expect.stringContaining('journal-1-torn.tar'),
			expect.stringContaining('journal-3-changed.tar'),
		]);
	});
});

describe('place of a run', () => {
	const environment = { GITHUB_REPOSITORY: 'acme/greet', GITHUB_RUN_ID: '42' };
	const artifact = { name: 'slipway-gated-1.tar', sha256: 'a'.repeat(64) };

	test('is read as it was written', () => {
		const text = toRunPlace(artifact, environment) ?? '';
		expect(text).toBe(`github-run:acme/greet/42/slipway-gated-1.tar@sha256:${'a'.repeat(64)}`);
		expect(parseRunPlace(text)).toEqual({ repository: 'acme/greet', run: '42', ...artifact });
		expect(toRunPlace(artifact, {})).toBeUndefined();
		expect(parseRunPlace('/a/folder')).toBeUndefined();
	});

	test.each([
		'github-run:',
		'github-run:acme/greet/42/x',
		`github-run:acme/greet/../x@sha256:${'a'.repeat(64)}`,
		`github-run:acme/greet/42/../../x@sha256:${'a'.repeat(64)}`,
		`github-run:acme/greet/42/x\n@sha256:${'a'.repeat(64)}`,
		`github-run:a/b/c/42/x@sha256:${'a'.repeat(64)}`,
		`github-run:acme/greet/42/x@sha256:${'A'.repeat(64)}`,
	])('%j is none', (text) => {
		expect(() => parseRunPlace(text)).toThrow(expect.objectContaining({ code: 'RUNNER_PLACE_INVALID' }));
	});
});
