import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import {
	type LocalGitHub,
	type RepositoryControl,
	startGitHubApi,
	type TokenOptions,
} from '@slipway/rehearsal/github';
import { testContext } from '@slipway/testing';
import { type GitHubRest, toGitHubRest } from '../rest/rest.ts';
import { upsertComment } from './comment.ts';
import { closeIssue, upsertIssue } from './issue.ts';
import { MAX_BODY, toMarkedBody } from './marker.ts';

let github: LocalGitHub;
let control: RepositoryControl;
let rest: GitHubRest;

beforeAll(async () => {
	github = await startGitHubApi();
});
beforeEach(async () => {
	const repository = `acme/issues-${randomUUID()}`;
	control = await github.addRepository({ repository });
	rest = toGitHubRest({
		api: github.origin,
		repository,
		token: github.issueToken(),
		scope: testContext(tmpdir()),
	});
});
afterEach(() => github.clearFaults());
afterAll(() => github.stop());

const toRestOf = (token: string): GitHubRest =>
	toGitHubRest({ api: github.origin, repository: rest.repository, token, scope: testContext(tmpdir()) });

const marker = 'notice:greet:release';
const request = { marker, title: 'greet 1.0.0 failed', body: 'apt is down', labels: ['release'] };
const changes = () =>
	github.requests.filter(({ effect, path }) => effect === 'change' && path.includes(rest.repository)).length;

describe('an issue', () => {
	test('is opened, left as it is, brought up to date, closed', async () => {
		const created = await upsertIssue(rest, request);
		expect(created).toMatchObject({
			outcome: 'created',
			id: 1,
			url: expect.stringContaining('/issues/1') as string,
		});
		expect(control.state.issues[0]).toMatchObject({
			title: request.title,
			body: `<!-- slipway:${marker} -->\napt is down`,
			labels: ['release'],
		});
		expect(await upsertIssue(rest, request)).toMatchObject({ outcome: 'unchanged', id: 1 });
		expect(changes()).toBe(1);
		expect(await upsertIssue(rest, { ...request, body: 'npm too' })).toMatchObject({
			outcome: 'updated',
			id: 1,
		});
		expect(await closeIssue(rest, { marker })).toBe(1);
		expect(control.state.issues[0]?.state).toBe('closed');
		expect(await closeIssue(rest, { marker })).toBeUndefined();
		expect(await upsertIssue(rest, request)).toMatchObject({ outcome: 'created', id: 2 });
	});

	test('is not opened twice because nobody said whose the token is', async () => {
		const person = toRestOf(github.issueToken({ kind: 'classic', login: 'ada' }));
		await upsertIssue(person, request);
		github.misbehave({ kind: 'status', status: 502, path: /^\/(user|graphql)$/, times: 9 });
		await expect(upsertIssue(person, request)).rejects.toMatchObject({ code: 'GITHUB_UNREACHABLE' });
		github.clearFaults();
		expect(await upsertIssue(person, request)).toMatchObject({ outcome: 'unchanged', id: 1 });
	});

	test.each(['acme-release[bot]', 'github-actions[bot]'])(
		"of an app's token (%s) is found again",
		async (login) => {
			const app = toRestOf(github.issueToken({ login }));
			expect(await upsertIssue(app, request)).toMatchObject({ outcome: 'created', id: 1 });
			expect(control.state.issues[0]?.author).toBe(login);
			expect(await upsertIssue(app, { ...request, body: 'npm too' })).toMatchObject({
				outcome: 'updated',
				id: 1,
			});
			expect(await closeIssue(app, { marker })).toBe(1);
		},
	);

	test('of an app is not opened while the server cannot tell whose the token is', async () => {
		const app = toRestOf(github.issueToken({ login: 'acme-release[bot]' }));
		github.misbehave({ kind: 'status', status: 502, path: /^\/graphql$/, times: 9 });
		await expect(upsertIssue(app, request)).rejects.toMatchObject({ code: 'GITHUB_UNREACHABLE' });
		expect(control.state.issues).toHaveLength(0);
	});

	test.each<[string, TokenOptions]>([
		["a job's own token", {}],
		['a person', { kind: 'classic', login: 'ada' }],
	])('where GraphQL is refused: %s is known by REST, as far as it tells', async (_name, options) => {
		const theirs = toRestOf(github.issueToken(options));
		for (const outcome of ['created', 'unchanged']) {
			github.misbehave({ kind: 'status', status: 403, path: /^\/graphql$/ });
			expect(await upsertIssue(theirs, request)).toMatchObject({ outcome, id: 1 });
		}
	});

	test('of others is not touched, whatever it says', async () => {
		const token = github.issueToken({ kind: 'classic', login: 'mallory' });
		const theirs = toGitHubRest({ api: github.origin, repository: rest.repository, token });
		await upsertIssue(theirs, { ...request, body: 'mine' });
		expect(control.state.issues[0]?.author).toBe('mallory');
		expect(await upsertIssue(rest, request)).toMatchObject({ outcome: 'created', id: 2 });
		await upsertIssue(rest, { marker: 'other', title: 'x', body: `<!-- slipway:${marker} -->` });
		expect(await closeIssue(rest, { marker })).toBe(2);
		expect(control.state.issues.map(({ state }) => state)).toEqual(['open', 'closed', 'open']);
	});

	test('is opened once when the reply is lost', async () => {
		github.misbehave({ kind: 'reset', method: 'POST', path: /\/issues$/ });
		expect(await upsertIssue(rest, request)).toMatchObject({ outcome: 'created', id: 1 });
		expect(control.state.issues).toHaveLength(1);
	});

	test('that was refused before anything happened is told', async () => {
		github.misbehave({ kind: 'status', status: 502, method: 'POST', path: /\/issues$/ });
		await expect(upsertIssue(rest, request)).rejects.toEqual(
			expect.objectContaining({ code: 'GITHUB_REPLY_LOST' }),
		);
		expect(control.state.issues).toHaveLength(0);
	});

	test('without the right names the permission', async () => {
		const token = github.issueToken({ permissions: { contents: 'read', issues: 'read' } });
		const poor = toGitHubRest({ api: github.origin, repository: rest.repository, token });
		await expect(upsertIssue(poor, request)).rejects.toEqual(
			expect.objectContaining({
				code: 'GITHUB_NO_RIGHT',
				hint: expect.stringContaining('`issues: write`') as string,
			}),
		);
	});
});

describe('a comment', () => {
	test('is written, left as it is, brought up to date', async () => {
		const pull = control.addPull({ title: 'x' });
		const comment = { marker: 'plan', number: pull.number, body: '| a |' };
		expect(await upsertComment(rest, comment)).toMatchObject({ outcome: 'created' });
		expect(await upsertComment(rest, comment)).toMatchObject({ outcome: 'unchanged' });
		expect(await upsertComment(rest, { ...comment, body: 'b' })).toMatchObject({ outcome: 'updated' });
		expect(control.state.comments).toMatchObject([{ body: '<!-- slipway:plan -->\nb' }]);
		github.misbehave({ kind: 'reset', method: 'PATCH' });
		expect(await upsertComment(rest, { ...comment, body: 'c' })).toMatchObject({ outcome: 'updated' });
		expect(control.state.comments).toHaveLength(1);
	});
});

describe('texts', () => {
	test('are cut to what the API takes, and to whole characters', () => {
		const body = toMarkedBody(marker, `${'😀'.repeat(MAX_BODY)}`);
		expect(body.length).toBeLessThanOrEqual(MAX_BODY);
		expect(body.isWellFormed()).toBe(true);
		expect(body).toMatch(/longer than the API takes\)\*$/);
	});

	test.each(['', 'a b', 'a-->', 'a--b', '<x', 'a\nb'])('marker %j is refused', (bad) => {
		expect(() => toMarkedBody(bad, 'x')).toThrow(expect.objectContaining({ code: 'GITHUB_MARKER_INVALID' }));
	});
});
