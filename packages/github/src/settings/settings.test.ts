import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import {
	type LocalGitHub,
	type Permissions,
	type RepositoryControl,
	startGitHubApi,
} from '@slipway/rehearsal/github';
import { testContext } from '@slipway/testing';
import fc from 'fast-check';
import { toGitHubRest } from '../rest/rest.ts';
import { readEnvironment } from './environment.ts';
import { readRepositoryFile, readTagCommit } from './git.ts';
import { matchesRefPattern } from './ref-pattern.ts';
import {
	readImmutableReleases,
	readLatestRuns,
	readPagesSource,
	readRepository,
	readWorkflowPermissions,
} from './repository.ts';
import { readBranch, readRulesets } from './rulesets.ts';

let github: LocalGitHub;
let control: RepositoryControl;
let repository: string;
beforeAll(async () => {
	github = await startGitHubApi();
});
beforeEach(async () => {
	repository = `acme/settings-${randomUUID()}`;
	control = await github.addRepository({ repository });
});
afterEach(() => github.clearFaults());
afterAll(() => github.stop());

const open = (permissions?: Permissions) =>
	toGitHubRest({
		api: github.origin,
		repository,
		token: permissions ? github.issueToken({ permissions }) : github.token,
		scope: testContext(tmpdir()),
	});

const known = (value: unknown) => ({ state: 'known', value });

test('the repository', async () => {
	expect(await readRepository(open())).toMatchObject(
		known({ name: repository, visibility: 'public', defaultBranch: 'main', archived: false }),
	);
	github.misbehave({ kind: 'status', status: 502, times: 2 });
	expect(await readRepository(open())).toMatchObject({ state: 'unreadable' });
});

describe('an environment', () => {
	test('that is not there', async () => {
		expect(await readEnvironment(open(), 'npm')).toEqual({ state: 'absent' });
	});

	test('that everybody may use', async () => {
		control.addEnvironment({ name: 'npm' });
		const value = { name: 'npm', reviewers: 0, preventsSelfReview: false, waitMinutes: 0, refs: 'all' };
		expect(await readEnvironment(open(), 'npm')).toEqual(known(value));
	});

	test('with reviewers, a timer and protected branches', async () => {
		control.addEnvironment({
			name: 'release approval',
			reviewers: [{ type: 'User', login: 'ada' }],
			preventSelfReview: true,
			waitTimer: 5,
			branchPolicy: 'protected',
		});
		expect(await readEnvironment(open(), 'release approval')).toMatchObject(
			known({ reviewers: 1, preventsSelfReview: true, waitMinutes: 5, refs: 'protected' }),
		);
	});

	test('limited to tags', async () => {
		control.addEnvironment({
			name: 'npm',
			branchPolicy: 'custom',
			policies: [{ id: 1, name: 'v*', type: 'tag' }],
		});
		expect(await readEnvironment(open(), 'npm')).toMatchObject(
			known({ refs: [{ pattern: 'v*', type: 'tag' }] }),
		);
	});
});

describe('rulesets', () => {
	const rules = [{ type: 'deletion' }, { type: 'update' }];
	const namesFor = async (type: 'tag' | 'branch', name: string) => {
		const found = await readRulesets(open(), { type, name }, 'main');
		return found.state === 'known' ? found.value.map((ruleset) => [ruleset.name, ruleset.rules]) : found;
	};

	test('that cover a tag', async () => {
		control.addRuleset({ name: 'tags', target: 'tag', include: ['refs/tags/v*'], rules });
		control.addRuleset({
			name: 'all',
			target: 'tag',
			include: ['~ALL'],
			exclude: ['refs/tags/v1.0.0'],
			rules,
		});
		control.addRuleset({ name: 'off', target: 'tag', include: ['~ALL'], enforcement: 'disabled', rules });
		control.addRuleset({ name: 'main', target: 'branch', include: ['~DEFAULT_BRANCH'], rules });
		expect(await namesFor('tag', 'v1.0.0')).toEqual([['tags', ['deletion', 'update']]]);
		expect(await namesFor('tag', 'other')).toEqual([['all', ['deletion', 'update']]]);
		expect(await namesFor('branch', 'main')).toEqual([['main', ['deletion', 'update']]]);
		expect(await namesFor('branch', 'topic')).toEqual([]);
	});

	test('a branch with protection of either kind', async () => {
		expect(await readBranch(open(), 'main')).toMatchObject(known({ isProtected: false }));
		control.protectBranch('main');
		expect(await readBranch(open(), 'main')).toMatchObject(known({ isProtected: true }));
		expect(await readBranch(open(), 'nothing')).toEqual({ state: 'absent' });
	});
});

test('settings that a token of a job may not read are unreadable, and say why', async () => {
	const poor = open({ contents: 'write' });
	for (const read of [readImmutableReleases, readWorkflowPermissions])
		expect(await read(poor)).toMatchObject({
			state: 'unreadable',
			hint: expect.stringContaining('administration') as string,
		});
});

test('immutable releases, pages, permissions of workflows', async () => {
	expect(await readPagesSource(open())).toEqual({ state: 'absent' });
	Object.assign(control.state.settings, {
		immutableReleases: true,
		pages: { branch: 'apt', path: '/', type: 'legacy' },
		defaultPermissions: 'write',
	});
	expect(await readImmutableReleases(open())).toMatchObject(known({ enabled: true }));
	expect(await readPagesSource(open())).toMatchObject(
		known({ build: 'legacy', source: { branch: 'apt', path: '/' } }),
	);
	expect(await readWorkflowPermissions(open())).toMatchObject(known({ default: 'write' }));
});

test('a file at a ref, a tag, the latest runs', async () => {
	const commit = await control.commit({ message: 'x', path: 'docs/a b.md', content: 'hello é' });
	await control.git.setRef('refs/tags/@acme/greet@1.0.0', commit);
	const found = await readRepositoryFile(open(), 'docs/a b.md', 'main');
	expect(found.state === 'known' && Buffer.from(found.value).toString()).toBe('hello é');
	expect(await readRepositoryFile(open(), 'docs/none', commit)).toEqual({ state: 'absent' });
	expect(await readTagCommit(open(), '@acme/greet@1.0.0')).toEqual(known(commit));
	expect(await readTagCommit(open(), 'none')).toEqual({ state: 'absent' });
	control.addRun({ name: 'Release', headSha: commit, conclusion: 'failure' });
	expect(await readLatestRuns(open())).toMatchObject(known([{ name: 'Release', conclusion: 'failure' }]));
});

describe('patterns of refs', () => {
	test.each([
		['refs/tags/v*', 'refs/tags/v1.0.0', true],
		['refs/tags/v*', 'refs/tags/v1/0', false],
		['refs/tags/**', 'refs/tags/a/b', true],
		['refs/heads/**/x', 'refs/heads/x', true],
		['refs/heads/**/x', 'refs/heads/a/b/x', true],
		['refs/heads/release-?', 'refs/heads/release-1', true],
		['refs/heads/release-?', 'refs/heads/release-', false],
		['refs/tags/v1', 'refs/tags/v1.0', false],
	])('%s, %s', (pattern, ref, expected) => {
		expect(matchesRefPattern(pattern, ref)).toBe(expected);
	});

	test('any pattern and any ref: an answer, soon', () => {
		const start = process.threadCpuUsage();
		expect(matchesRefPattern('*a'.repeat(100), 'a'.repeat(500))).toBe(true);
		expect(matchesRefPattern(`${'*a'.repeat(100)}b`, 'a'.repeat(500))).toBe(false);
		expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(500);
		const text = fc.string({ unit: fc.constantFrom('*', '?', '/', 'a', '.'), maxLength: 30 });
		fc.assert(
			fc.property(text, text, (pattern, ref) => typeof matchesRefPattern(pattern, ref) === 'boolean'),
		);
		fc.assert(
			fc.property(
				fc.string({ unit: fc.constantFrom('a', '/', '.'), maxLength: 30 }),
				(ref) => matchesRefPattern(ref, ref) && matchesRefPattern('**', ref),
			),
		);
	});
});
