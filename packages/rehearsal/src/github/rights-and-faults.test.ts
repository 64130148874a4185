// Who may do what, and what goes wrong on request.
import { type Ask, toAsk, uploadAsset } from './ask.fixture.ts';
import { type LocalGitHub, startGitHubApi, type TokenOptions } from './index.ts';

let github: LocalGitHub;
let ask: Ask;

beforeAll(async () => {
	github = await startGitHubApi({ others: [{ repository: 'acme/secret', isPrivate: true }] });
	ask = toAsk(github);
});
afterEach(() => github.clearFaults());
afterAll(() => github.stop());

/** A token with these rights, this very one, or none. */
type Bearer = TokenOptions & { readonly token?: string };

const INTEGRATION = 'Resource not accessible by integration';

test.each<[string, string, Bearer, number, string]>([
	['no token', 'POST issues', {}, 401, 'Requires authentication'],
	['a wrong token', 'GET issues', { token: 'ghs_wrong' }, 401, 'Bad credentials'],
	['a token without the right', 'POST issues', { permissions: { contents: 'write' } }, 403, INTEGRATION],
	['a right to read', 'POST issues', { permissions: { issues: 'read' } }, 403, INTEGRATION],
	[
		"a person's token",
		'POST issues',
		{ kind: 'fine-grained', permissions: {} },
		403,
		'personal access token',
	],
	[
		'a right to read settings',
		'GET immutable-releases',
		{ permissions: { contents: 'write' } },
		403,
		INTEGRATION,
	],
	[
		'the wrong repository',
		'POST issues',
		{ permissions: { issues: 'write' }, repositories: ['a/b'] },
		403,
		INTEGRATION,
	],
	['no such repository', 'GET /repos/acme/none', { permissions: {} }, 404, 'Not Found'],
	['a private repository, no token', 'GET /repos/acme/secret', {}, 404, 'Not Found'],
	[
		'a private repository of others',
		'GET /repos/acme/secret',
		{ permissions: {}, repositories: ['a/b'] },
		404,
		'Not Found',
	],
])('with %s, %s is refused', async (_name, on, options, status, message) => {
	const token = 'permissions' in options ? github.issueToken(options) : (options.token ?? null);
	const told = await ask(on, on.startsWith('POST') ? { title: 'x' } : undefined, token);
	expect(told.status).toBe(status);
	expect(told.json.message).toContain(message);
	expect(github.requests.at(-1)?.effect).toBe('none');
	if (status === 403) expect(told.headers.get('x-accepted-github-permissions')).toMatch(/^\w+=(read|write)$/);
});

test('a token that was revoked is wrong, and one with the right is enough', async () => {
	const token = github.issueToken({ permissions: { issues: 'write' }, repositories: ['acme/Greet'] });
	expect((await ask('POST issues', { title: 'a' }, token)).status).toBe(201);
	expect(github.requests.at(-1)).toMatchObject({ effect: 'change', login: 'github-actions[bot]' });
	github.revokeToken(token);
	expect((await ask('POST issues', { title: 'a' }, token)).status).toBe(401);
});

test('whose a token is: REST tells people, GraphQL tells apps too', async () => {
	const query = { query: '{ viewer { login } }' };
	const app = github.issueToken({ permissions: {}, login: 'acme-release[bot]' });
	expect((await ask('GET /user', undefined, app)).status).toBe(403);
	for (const path of ['/graphql', '/api/graphql'])
		expect((await ask(`POST ${path}`, query, app)).json).toEqual({
			data: { viewer: { login: 'acme-release[bot]' } },
		});
	expect(github.requests.at(-1)?.effect).toBe('none');
	expect((await ask('POST /graphql', query)).json.data.viewer.login).toBe('octocat');
	expect((await ask('POST /graphql', { query: '{ nothing }' })).json).toMatchObject({ errors: [{}] });
	expect((await ask('POST /graphql', query, null)).status).toBe(401);
});

test('what a repository lets its visitor do is in it', async () => {
	const reader = github.issueToken({ permissions: { contents: 'read' } });
	expect((await ask('GET', undefined, reader)).json.permissions).toMatchObject({ push: false, pull: true });
	expect((await ask('GET', undefined, null)).json.permissions).toBeUndefined();
	expect((await ask('GET')).headers.get('x-oauth-scopes')).toContain('repo');
});

describe('faults', () => {
	test.each([
		['status', { kind: 'status', status: 503, retryAfter: 7 }, 503, 'retry-after', '7'],
		['secondary limit', { kind: 'secondary-limit', retryAfter: 60 }, 403, 'retry-after', '60'],
		['rate limit', { kind: 'rate-limit', retryAfter: 9 }, 403, 'x-ratelimit-remaining', '0'],
	] as const)('%s: nothing happens, and the reply says when', async (_name, fault, status, header, value) => {
		const before = github.repository().state.issues.length;
		github.misbehave({ ...fault, method: 'POST' });
		const told = await ask('POST issues', { title: 'x' });
		expect(told.status).toBe(status);
		expect(told.headers.get(header)).toBe(value);
		expect(github.repository().state.issues).toHaveLength(before);
		expect(github.requests.at(-1)).toMatchObject({ effect: 'none', status: undefined, told: status });
		expect((await ask('POST issues', { title: 'x' })).status).toBe(201);
	});

	test.each([
		['refuse', 0, 'none'],
		['reset', 1, 'change'],
		['truncate', 1, 'change'],
	] as const)('%s: the client knows nothing, the log does', async (kind, made, effect) => {
		const before = github.repository().state.issues.length;
		github.misbehave({ kind, method: 'POST' });
		await expect(ask('POST issues', { title: 'x' })).rejects.toThrow();
		expect(github.repository().state.issues.length - before).toBe(made);
		expect(github.requests.at(-1)?.effect).toBe(effect);
	});

	test('stale: readers get what was, as often as asked for, and writers do not', async () => {
		github.misbehave({ kind: 'stale', method: 'GET', path: /\/issues/, times: 2 });
		const { json: made } = await ask('POST issues', { title: 'new' });
		const titles = async () => (await ask('GET issues')).json.map(({ number }: { number: number }) => number);
		expect(await titles()).not.toContain(made.number);
		expect(await titles()).not.toContain(made.number);
		expect(await titles()).toContain(made.number);
	});

	test('wrong digest, duplicate draft, slow body', async () => {
		github.misbehave({ kind: 'duplicate-draft', method: 'POST', path: /releases$/ });
		const { json: draft } = await ask('POST releases', { tag_name: 'v9', draft: true });
		const all = (await ask('GET releases')).json;
		expect(all.filter(({ tag_name: tag }: { tag_name: string }) => tag === 'v9')).toHaveLength(2);
		github.misbehave({ kind: 'wrong-digest', method: 'POST', path: /assets/ });
		expect((await uploadAsset(draft.upload_url, 'a', github)).json.digest).toBe(`sha256:${'0'.repeat(64)}`);
		github.misbehave({ kind: 'slow', ms: 150, method: 'GET' });
		const start = performance.now();
		await ask('GET releases');
		expect(performance.now() - start).toBeGreaterThan(140);
	});

	test('run: something happens between, and faults strike in their order', async () => {
		const seen: string[] = [];
		github.misbehave({ kind: 'run', when: 'after', task: () => seen.push('first'), path: /issues/ });
		github.misbehave({ kind: 'run', when: 'before', task: () => seen.push('second'), path: /issues/ });
		await ask('GET issues');
		await ask('GET issues');
		await ask('GET issues');
		expect(seen).toEqual(['first', 'second']);
	});
});

test('lists come in pages that lead to each other', async () => {
	const { state } = github.repository();
	for (let number = state.issues.length; number < 45; number += 1)
		await ask('POST issues', { title: `${number}` });
	const first = await ask('GET issues?per_page=20&state=all');
	expect(first.json).toHaveLength(20);
	expect(first.headers.get('link')).toMatch(/page=2>; rel="next", .*page=3>; rel="last"/);
	const [, next] = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? [];
	const last = await ask(`GET ${new URL(next ?? '').pathname}?per_page=20&state=all&page=3`);
	expect(last.json).toHaveLength(5);
	expect(last.headers.get('link')).toMatch(/rel="prev", .*page=1>; rel="first"/);
	expect((await ask('GET issues')).json).toHaveLength(30);
	const again = await fetch(`${github.origin}/repos/acme/greet/issues`, {
		headers: { 'if-none-match': (await ask('GET issues', undefined, null)).headers.get('etag') ?? '' },
	});
	expect(again.status).toBe(304);
});
