// runAction in a process of its own, run the way GitHub's runner runs an action, against a fake GitHub.
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepResult, withFakeGitHub } from '@slipway/testing';

type Options = Omit<Parameters<typeof runStep>[0], 'main' | 'inputs' | 'workspace'>;

const runScene = (scene: string, text = '', options: Options & { key?: string } = {}): Promise<StepResult> =>
	runStep({
		main: join(import.meta.dirname, 'run-action.fixture.ts'),
		inputs: { scene, text, releases: 'true', key: options.key ?? '' },
		workspace: tmpdir(),
		...options,
	});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('a success sets its outputs and leaves nothing else', async () => {
	const result = await runScene('succeed', 'hello');
	expect(result).toMatchObject({
		code: 0,
		outputs: { state: tmpdir(), digest: '' },
		errors: [],
		strayWrites: '',
	});
	expect(result.log).toContain('hello');
});

test.each(['::add-mask::x', '##[add-path]/tmp', '%0A::error::x'])(
	'foreign text %j is not executed',
	async (text) => {
		const { commands, code } = await runScene('succeed', text);
		expect(code).toBe(0);
		expect(commands).toEqual([{ command: 'warning', properties: {}, message: text }]);
	},
);

test('a failure becomes one annotation with code, message and what to do', async () => {
	const { code, errors } = await runScene('refuse', 'x:y,z%');
	expect(code).toBe(1);
	expect(errors).toEqual([
		{
			command: 'error',
			properties: { title: 'FIXTURE_REFUSED' },
			message: 'expected one thing, got x:y,z%\ndo another thing',
		},
	]);
});

test.each([
	['a page', '1', /^# A page\n$/],
	['a page that is too long', '200000', /^(# A page\n){1000,}# A page\n\nThe rest does not fit/],
])('a refusal comes after outputs and %s', async (_, times, page) => {
	const { code, errors, outputs, summary } = await runScene('report', times);
	expect(code).toBe(1);
	expect(outputs).toEqual({ state: 'explained', digest: '' });
	expect(summary).toMatch(page);
	expect(summary.length).toBeLessThanOrEqual(1024 * 1024);
	expect(errors).toMatchObject([{ properties: { title: 'FIXTURE_REFUSED' } }]);
});

test('a defect says that it is one', async () => {
	const { code, errors } = await runScene('crash');
	expect(code).toBe(1);
	expect(errors).toMatchObject([
		{ properties: { title: 'UNEXPECTED' }, message: expect.stringMatching(/a defect\n.*report/) },
	]);
});

test('a wrong input stops the step before it does anything', async () => {
	const { code, errors } = await runScene('sing');
	expect(code).toBe(1);
	expect(errors).toMatchObject([{ properties: { title: 'RUNNER_INPUT_INVALID' } }]);
});

test('secrets are masked before anything else is printed', async () => {
	const key = '-----BEGIN PGP\nline-of-the-key\n-----END';
	const { commands, log } = await runScene('succeed', 'hello', {
		key,
		environment: { NPM_TOKEN: 'npm_0123456789' },
	});
	const masks = commands.filter(({ command }) => command === 'add-mask').map(({ message }) => message);
	expect(masks).toEqual([key, '-----BEGIN PGP', 'line-of-the-key', '-----END', 'npm_0123456789']);
	expect(log.lastIndexOf('::add-mask::')).toBeLessThan(log.indexOf('hello'));
});

test('a secret that was made on the way is masked before it is used', async () => {
	const { commands, log } = await runScene('secret', 'made-on-the-way');
	expect(commands).toContainEqual({ command: 'add-mask', properties: {}, message: 'made-on-the-way' });
	expect(log.indexOf('::add-mask::made-on-the-way')).toBeLessThan(log.lastIndexOf('made-on-the-way'));
});

test('code of others is refused', async () => {
	const { code, errors } = await runScene('succeed', '', { eventName: 'pull_request_target' });
	expect(code).toBe(1);
	expect(errors).toMatchObject([{ properties: { title: 'RUNNER_TRIGGER_REFUSED' } }]);
});

test('a cancelled run ends with a reason', async () => {
	const controller = new AbortController();
	setTimeout(() => controller.abort(), 1500);
	await expect(runScene('wait', '', { signal: controller.signal })).rejects.toMatchObject({
		code: 'PROCESS_ABORTED',
	});
});

describe('with GitHub', () => {
	test('an artifact travels unpacked, its digest is that of the file', async () => {
		await withFakeGitHub(async ({ environment, artifacts }) => {
			const uploaded = await runScene('upload', 'the bytes', { environment });
			expect(uploaded).toMatchObject({ code: 0, outputs: { digest: sha256('the bytes') } });
			expect(artifacts.list()).toMatchObject([
				{ name: 'release.tar', digest: `sha256:${sha256('the bytes')}` },
			]);
			expect(artifacts.list()[0]?.bytes.toString()).toBe('the bytes');
			const downloaded = await runScene('download', sha256('the bytes'), { environment });
			expect(downloaded).toMatchObject({
				code: 0,
				outputs: { state: 'the bytes' },
			});
		});
	});

	test('an artifact that was changed between jobs is refused', async () => {
		await withFakeGitHub(async ({ environment, artifacts }) => {
			await runScene('upload', 'the bytes', { environment });
			artifacts.tamper('release.tar', Buffer.from('The bytes'));
			const { code, errors } = await runScene('download', sha256('the bytes'), { environment });
			expect(code).toBe(1);
			expect(errors).toMatchObject([{ properties: { title: 'RUNNER_ARTIFACT_MISMATCH' } }]);
		});
	});

	test('a name that is taken is refused', async () => {
		await withFakeGitHub(async ({ environment }) => {
			await runScene('upload', 'one', { environment });
			const { errors } = await runScene('upload', 'two', { environment });
			expect(errors).toMatchObject([{ properties: { title: 'RUNNER_ARTIFACT_FAILED' } }]);
		});
	});
});
