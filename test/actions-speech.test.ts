// plan, notice and watch as steps of a job: what they print, write and say on GitHub.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@slipway/deb';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';
import {
	type FakeGitHub,
	readActionYml,
	runStep,
	type StepResult,
	startFakeGitHub,
	testAtLength,
} from '@slipway/testing';
import { ROOT } from './source-tree.ts';

type Started<T> = T & { stop(): Promise<void> };

let runner: Started<FakeGitHub>;
let github: LocalGitHub;
let apt: LoopbackServer;
let root: string;
let workspace: string;

const toConfig = (config: object = {}): string =>
	JSON.stringify({
		project: 'greet',
		version: '1.0.0',
		deb: [
			{
				name: 'greet',
				architecture: 'all',
				summary: 'says hello',
				license: 'MIT',
				homepage: 'https://example.org/greet',
				maintainer: 'Ada Example <ada@example.org>',
				copyright: '2026 Ada Example',
				files: [{ source: 'main.js', target: '/usr/share/greet/main.js' }],
			},
		],
		targets: {
			apt: {
				type: 'apt',
				store: { directory: join(root, 'apt') },
				url: apt.origin,
				origin: 'Example',
				'signing-key': { environment: 'APT_SIGNING_KEY' },
				'trusted-keys': ['../key.asc'],
			},
		},
		...config,
	});

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'speech-actions-'));
	workspace = join(root, 'project');
	await mkdir(join(root, 'apt'));
	await mkdir(workspace);
	[runner, github, apt] = await Promise.all([
		startFakeGitHub(),
		startGitHubApi(),
		serveLoopback(toFolderHandler(join(root, 'apt'))),
	]);
	const key = await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days: 30 });
	await writeFile(join(root, 'key.asc'), key.publicKey);
	await writeFile(
		join(workspace, 'LICENSE'),
		'Permission is hereby granted, free of charge, to any person.\n',
	);
	await writeFile(join(workspace, 'main.js'), 'hello\n');
	await writeFile(join(workspace, 'slipway.yml'), toConfig());
});
afterEach(async () => {
	await Promise.all([runner.stop(), github.stop(), apt.close()]);
	await rm(root, { recursive: true, force: true });
});

interface Step {
	readonly inputs?: Readonly<Record<string, string>>;
	readonly permissions?: Readonly<Record<string, 'read' | 'write'>>;
	readonly event?: object;
	readonly eventName?: string;
}

/** Runs the source of an action as the runner runs its bundle. */
const run = async (action: string, step: Step = {}): Promise<StepResult> => {
	const folder = join(ROOT, 'actions', action);
	const token = github.issueToken({ permissions: step.permissions ?? { contents: 'read' } });
	const { inputs } = await readActionYml(folder);
	const defaults = Object.entries(inputs).map(
		([name, input]) => [name, String(input.default ?? '')] as const,
	);
	const { inputs: given = {}, permissions: _, ...rest } = step;
	return runStep({
		...rest,
		main: join(folder, 'src', 'main.ts'),
		workspace,
		inputs: { ...Object.fromEntries(defaults), token, ...given },
		environment: {
			...runner.environment,
			GITHUB_API_URL: github.origin,
			GITHUB_WORKFLOW: 'Release',
			RUNNER_TEMP: root,
		},
	});
};

const toPlain = (markdown: string): string =>
	markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

const FORK = {
	repository: { full_name: 'acme/greet' },
	pull_request: {
		number: 1,
		head: { repo: { full_name: 'mallory/greet' } },
		base: { repo: { full_name: 'acme/greet' } },
	},
};

testAtLength(
	'plan, for a fork: summary, outputs, the page as an artifact by its digest; nothing written, no secret',
	async () => {
		const step = await run('plan', {
			inputs: { 'comment-artifact': 'slipway-plan-1.md' },
			eventName: 'pull_request',
			event: FORK,
		});
		expect(step.errors).toEqual([]);
		expect(step.code).toBe(0);
		expect(step.outputs).toMatchObject({ version: '1.0.0', artifact: 'slipway-plan-1.md' });
		expect(['pass', 'warn']).toContain(step.outputs.verdict);
		const page = await readFile(step.outputs.markdown ?? '', 'utf8');
		expect(toPlain(page)).toContain('## What a release of greet 1.0.0 would do');
		expect(toPlain(step.summary)).toContain('greet_1.0.0-1_all.deb');
		const [stored] = runner.artifacts.list();
		expect(stored?.bytes.toString()).toBe(page);
		expect(stored?.digest).toBe(`sha256:${step.outputs['artifact-digest']}`);
		expect(step.strayWrites).toBe('');
		expect(github.requests.filter(({ effect }) => effect === 'change')).toEqual([]);
	},
);

testAtLength('plan fails after the page is there, where a gate fails', async () => {
	const secret = `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(20)}\n-----END RSA PRIVATE KEY-----\n`;
	await writeFile(join(workspace, 'main.js'), secret);
	const step = await run('plan', {
		inputs: { 'comment-artifact': 'plan.md' },
		eventName: 'pull_request',
		event: FORK,
	});
	expect(step.code).toBe(1);
	expect(step.errors).toMatchObject([{ properties: { title: 'GATE_REFUSED' } }]);
	expect(step.outputs).toMatchObject({ verdict: 'fail', artifact: 'plan.md' });
	expect(runner.artifacts.list()).toHaveLength(1);
	expect(step.summary).toContain('**it would be refused**');
});

const OWN = { full_name: 'acme/greet' };

test('the page of plan becomes one comment of a pull request of the same repository', async () => {
	const { number } = github.repository().addPull({ title: 'a change' });
	const event = { repository: OWN, pull_request: { number, head: { repo: OWN }, base: { repo: OWN } } };
	const planned = await run('plan', {
		inputs: { 'comment-artifact': 'plan.md' },
		eventName: 'pull_request',
		event,
	});
	const inputs = {
		'comment-artifact': 'plan.md',
		'comment-digest': planned.outputs['artifact-digest'] ?? '',
	};
	const told = await run('notice', {
		inputs,
		eventName: 'pull_request',
		event,
		permissions: { 'pull-requests': 'write' },
	});
	expect(told.errors).toEqual([]);
	expect(github.repository().state.comments.map(({ body }) => toPlain(body))).toEqual([
		expect.stringContaining('What a release of greet 1.0.0 would do'),
	]);
	expect(told.outputs.comment).toMatch(/#issuecomment-/);
	github.repository().state.comments.length = 0;
	const without = await run('notice', { inputs, eventName: 'pull_request', event });
	expect(without.code).toBe(0);
	expect(without.log).toContain('pull-requests: write');
	runner.artifacts.tamper('plan.md', Buffer.from('# other'));
	const changed = await run('notice', { inputs, eventName: 'pull_request', event });
	expect(changed.errors).toMatchObject([{ properties: { title: 'RUNNER_ARTIFACT_MISMATCH' } }]);
});

const NEEDS = (result: string): string =>
	JSON.stringify({ build: { result, outputs: {} }, publish: { result: 'skipped', outputs: {} } }, null, 2);

test('notice of a failure: annotation, summary and one issue; the step itself succeeds', async () => {
	const step = await run('notice', {
		inputs: { version: 'v1.0.0', jobs: NEEDS('failure') },
		permissions: { contents: 'read', issues: 'write' },
	});
	expect(step.code).toBe(0);
	expect(step.errors).toMatchObject([{ properties: { title: 'NOTICE_JOBS_FAILED' } }]);
	expect(step.outputs).toMatchObject({ failed: 'true' });
	expect(toPlain(step.summary)).toContain('greet 1.0.0: release failed');
	const { issues } = github.repository().state;
	expect(issues.map(({ title, labels }) => [title, labels])).toEqual([
		['greet 1.0.0: release failed', ['slipway']],
	]);
	expect(step.outputs.issue).toContain('/issues/1');
});

testAtLength(
	'notice where nothing failed says so, and an approval needs no checkout and no right',
	async () => {
		await rm(join(workspace, 'slipway.yml'));
		const step = await run('notice', {
			inputs: { version: '1.0.0', jobs: NEEDS('success') },
			permissions: {},
		});
		expect(step.code).toBe(0);
		expect(step.errors).toEqual([]);
		expect(step.outputs).toMatchObject({ failed: 'false' });
		expect(step.log).toContain('nothing failed');
		expect(github.requests).toEqual([]);
	},
);

testAtLength(
	'notice without the right to write issues is a warning with the line to add, and no failure',
	async () => {
		const step = await run('notice', { inputs: { version: '1.0.0', jobs: NEEDS('failure') } });
		expect(step.code).toBe(0);
		expect(
			step.commands.filter(({ command }) => command === 'warning').map(({ message }) => message),
		).toEqual([expect.stringContaining('add `issues: write')]);
	},
);

testAtLength('notice refuses what is neither jobs nor a page', async () => {
	expect((await run('notice')).errors).toMatchObject([{ properties: { title: 'NOTICE_JOBS_INVALID' } }]);
	const step = await run('notice', { inputs: { jobs: '::set-output name=x::y' } });
	expect(step.code).toBe(1);
	expect(step.outputs).toEqual({});
});

test('watch: findings as annotations, in the summary and in one issue; the step succeeds', async () => {
	await writeFile(join(workspace, 'slipway.policy.yml'), 'policy: 2\n');
	const permissions = { contents: 'read', issues: 'write' } as const;
	const step = await run('watch', { permissions, eventName: 'schedule' });
	expect(step.errors).toEqual([]);
	expect(step.code).toBe(0);
	expect(step.outputs.findings).toBe(String(Number(step.outputs.errors) + 2));
	expect(toPlain(step.summary)).toContain('WATCH_UNREADABLE');
	expect(github.repository().state.issues.map(({ state }) => state)).toEqual(['open']);
	await rm(join(workspace, 'slipway.policy.yml'));
	github.repository().addRuleset({
		target: 'tag',
		include: ['refs/tags/v*'],
		rules: [{ type: 'update' }, { type: 'deletion' }],
	} as Parameters<ReturnType<LocalGitHub['repository']>['addRuleset']>[0]);
	const again = await run('watch', { permissions, eventName: 'schedule' });
	expect(again.outputs).toMatchObject({ findings: '0', errors: '0' });
	expect(github.repository().state.issues.map(({ state }) => state)).toEqual(['closed']);
	expect((await run('watch', { inputs: { days: '-1' } })).errors).toMatchObject([
		{ properties: { title: 'RUNNER_INPUT_INVALID' } },
	]);
});
