import { claimOnly } from '@slipway/release';
import { toNoticeMarkdown } from '@slipway/report';
import { testAtLength } from '@slipway/testing';
import { buildProject } from './build.ts';
import { readNotice } from './notice.ts';
import { toAnnotations } from './notice-annotations.ts';
import { startTalkingGitHub, type TalkingGitHub } from './notice-github.fixture.ts';
import { tellIssue } from './notice-issue.ts';
import { toRequest } from './operations.ts';
import { ACTING, type SpeechWorld, startSpeechWorld, toContext } from './preview-world.fixture.ts';
import { type Door, openProject } from './project.ts';

let world: SpeechWorld;
let github: TalkingGitHub;
beforeAll(async () => {
	world = await startSpeechWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
	github = await startTalkingGitHub();
});
afterEach(() => github.stop());

const needs = (results: Readonly<Record<string, string>>, outputs: object = {}): string =>
	JSON.stringify(
		Object.fromEntries(Object.entries(results).map(([id, result]) => [id, { result, outputs }])),
		null,
		2,
	);

const at = (door: Door, more: Readonly<Record<string, string>> = {}): Door => ({
	...door,
	environment: { ...door.environment, ...github.environment, ...more },
});

const read = (door: Door, jobs: string, more: { version?: string; operation?: string } = {}) =>
	readNotice(door, { ...ACTING, jobs, ...more }, world.context);

const write = (name: string, version = '1.0.0') =>
	world.write(name, version, { apt: { 'trusted-keys': [world.publicKeyFile] } });

const toPlain = (markdown: string): string =>
	markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

test('a release that was claimed and went no further: cause, what is where, both ways to go on', async () => {
	const door = await write('held');
	await world.release(door);
	const next = await write('held', '1.1.0');
	const project = await openProject(next);
	const built = await buildProject(project, world.context);
	await claimOnly(await toRequest(project, built, ACTING), world.context);
	const notice = await read(at(next), needs({ claim: 'success', npm: 'failure', expose: 'skipped' }), {
		version: '1.1.0',
	});
	expect(notice).toMatchObject({
		project: 'held',
		version: '1.1.0',
		failed: true,
		ended: false,
		state: 'HELD',
		way: {
			dispatch: { workflow: 'Release', operation: 'continue', tag: 'v1.1.0' },
			command: 'slipway continue 1.1.0',
			again: false,
		},
		run: 'https://github.com/acme/greet/actions/runs/42',
	});
	expect(notice.subjects.map(({ target, state }) => [target, state])).toEqual([
		['npm', 'absent'],
		['apt', 'absent'],
	]);
	const page = toPlain(toNoticeMarkdown(notice));
	expect(page).toContain('Run workflow: operation <code>continue</code>, tag <code>v1.1.0</code>');
	expect(page).toContain('<code>slipway continue 1.1.0</code>');
	expect(page).toContain('jobs that did not succeed: npm (failure)');
	expect(page).toContain('(https://github.com/acme/greet/actions/runs/42)');
	const annotations = toAnnotations(notice);
	expect(annotations.map(({ code }) => code)).toEqual(['HELD', 'npm: absent', 'apt: absent']);
	expect(annotations[0]?.hint).toContain(
		'operation continue, tag v1.1.0, and that tag under Use workflow from',
	);
});

testAtLength('an undoing that failed is asked for again, under its own name', async () => {
	const door = await write('undone');
	const built = await buildProject(await openProject(door), world.context);
	await claimOnly(await toRequest(await openProject(door), built, ACTING), world.context);
	for (const operation of ['rollback', 'restore', 'abort']) {
		const notice = await read(at(door), needs({ act: 'failure' }), { version: '1.0.0', operation });
		expect(notice.way).toMatchObject({ again: false, dispatch: { operation, tag: 'v1.0.0' } });
		expect(notice.way?.command).toMatch(new RegExp(`^slipway ${operation} 1\\.0\\.0 `));
	}
	const { way } = await read(at(door), needs({ act: 'failure' }), { version: '1.0.0' });
	expect(way?.dispatch?.operation).toBe('continue');
});

test('one issue, opened, updated and closed with a last comment', async () => {
	const door = at(await write('spoken'));
	const tell = async (results: Readonly<Record<string, string>>) =>
		tellIssue(
			door,
			{ notice: await read(door, needs(results), { version: '1.0.0' }), folder: '.' },
			world.context,
		);
	expect(await tell({ build: 'failure' })).toMatchObject({ outcome: 'created', number: 1 });
	expect(github.state.issues[0]).toMatchObject({
		labels: ['slipway'],
		title: 'spoken 1.0.0: release failed',
	});
	expect(await tell({ build: 'cancelled' })).toMatchObject({ outcome: 'updated', number: 1 });
	expect(github.state.issues).toHaveLength(1);
	// An approval in between: nothing has failed, and nothing has come to its end.
	expect(await tell({ build: 'success' })).toMatchObject({ outcome: 'none' });
	expect(github.state.issues[0]?.state).toBe('open');
	await world.release(door);
	expect(await tell({ claim: 'success', expose: 'success' })).toMatchObject({ outcome: 'closed', number: 1 });
	expect(github.state.issues[0]?.state).toBe('closed');
	expect(toPlain(github.state.comments[0]?.body ?? '')).toContain('spoken 1.0.0: release ended as COMPLETED');
	const before = github.changes();
	expect(await tell({ claim: 'success', expose: 'success' })).toMatchObject({ outcome: 'none' });
	expect(github.changes()).toBe(before);
});

testAtLength("one issue under the token of an app of one's own, not one each time", async () => {
	const token = github.api.issueToken({ permissions: { issues: 'write' }, login: 'acme-release[bot]' });
	const door = at(await write('by-app'));
	const app = { ...door, environment: { ...door.environment, GITHUB_TOKEN: token } };
	const outcomes: string[] = [];
	for (const result of ['failure', 'failure', 'cancelled']) {
		const notice = await read(app, needs({ build: result }), { version: '1.0.0' });
		outcomes.push((await tellIssue(app, { notice, folder: '.' }, world.context)).outcome);
	}
	expect(outcomes).toEqual(['created', 'unchanged', 'updated']);
	expect(github.state.issues.filter(({ author }) => author === 'acme-release[bot]')).toHaveLength(1);
});

test('jobs alone, without project and journal: told, with the version of the tag', async () => {
	const door = {
		folder: `${world.root}/nothing`,
		environment: { ...github.environment, GITHUB_REF: 'refs/tags/v2.0.0' },
	};
	expect(await read(door, needs({ build: 'failure', sign: 'skipped' }))).toMatchObject({
		project: 'greet',
		version: '2.0.0',
		failed: true,
		state: null,
		way: { again: true, dispatch: null, command: null },
		cause: 'jobs that did not succeed: build (failure); nothing was published',
	});
	expect(await read(door, needs({ build: 'success', sign: 'skipped' }))).toMatchObject({
		failed: false,
		ended: false,
		way: null,
	});
});

testAtLength('everything is released, but a job failed: rolling back is offered, by name', async () => {
	const door = at(await write('looked-at'));
	await world.release(door);
	const notice = await read(door, needs({ expose: 'success', consumer: 'failure' }), { version: '1.0.0' });
	expect(notice).toMatchObject({
		failed: true,
		state: 'COMPLETED',
		way: { again: true, dispatch: { operation: 'rollback', tag: 'v1.0.0' } },
	});
});

testAtLength('a job that cannot verify the repository does not call a good release failed', async () => {
	const door = at(await world.write('unseen', '1.0.0'));
	await world.release(door);
	const { APT_SIGNING_KEY: _, ...environment } = door.environment;
	const notice = await read({ ...door, environment }, needs({ expose: 'success' }), { version: '1.0.0' });
	expect(notice).toMatchObject({ failed: false, ended: true, state: 'HELD' });
});

testAtLength(
	'without the right to write issues: one warning with the line to add, and no failure',
	async () => {
		const token = github.api.issueToken({ permissions: { contents: 'read' } });
		const warnings: string[] = [];
		const context = {
			...toContext(world.root),
			log: { debug: () => {}, info: () => {}, warning: (line: string) => void warnings.push(line) },
		};
		const door = at(await write('mute'), { GITHUB_TOKEN: token });
		const notice = await read(door, needs({ build: 'failure' }), { version: '1.0.0' });
		expect(await tellIssue(door, { notice, folder: '.' }, context)).toMatchObject({ outcome: 'none' });
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain('`issues: write # one issue for what failed`');
		expect(warnings[0]).not.toContain(token);
	},
);

test.each([
	['nothing', ''],
	['no job', '{}'],
	['a list', '[]'],
	['a made up result', '{"a":{"result":"great"}}'],
	['an id with markup', '{"<b>":{"result":"failure"}}'],
	['a prototype', '{"__proto__":{"result":"failure"}}'],
	['a job twice', '{"a":{"result":"failure"},"a":{"result":"success"}}'],
	['depth', `{"a":{"result":"failure","outputs":{"x":${'['.repeat(100)}${']'.repeat(100)}}}}`],
])('jobs that GitHub does not write are refused: %s (H2, H8)', async (_, jobs) => {
	const door = { folder: world.root, environment: github.environment };
	await expect(read(door, jobs)).rejects.toMatchObject({
		code: expect.stringMatching(/^(NOTICE_JOBS_INVALID|JSON_)/),
	});
});

test('a version that a job tells counts only as a version', async () => {
	const door = { folder: `${world.root}/nothing`, environment: github.environment };
	const told = (version: string) => read(door, needs({ build: 'failure' }, { version }));
	expect((await told('1.2.3')).version).toBe('1.2.3');
	expect((await told('1.2.3\n::error::x')).version).toBeNull();
	expect((await told('$(id)')).version).toBeNull();
});
