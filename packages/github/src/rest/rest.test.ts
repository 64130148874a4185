import { type Handler, serveLoopback } from '@slipway/http';
import { testContext } from '@slipway/testing';
import * as v from 'valibot';
import { toOrigins } from './origins.ts';
import { readPages } from './pages.ts';
import { pathOf } from './path.ts';
import { askPatiently, readPatiently } from './patience.ts';
import { type GitHubRestOptions, toGitHubRest } from './rest.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

const TOKEN = 'ghs_secret';

const open = async (handler: Handler, options: Partial<GitHubRestOptions> = {}) => {
	const server = await serveLoopback(handler);
	closers.push(server.close);
	const context = testContext('');
	return {
		context,
		origin: server.origin,
		rest: toGitHubRest({
			api: server.origin,
			repository: 'acme/greet',
			token: TOKEN,
			scope: context,
			...options,
		}),
	};
};

const replying =
	(status: number, body: unknown, headers: Record<string, string> = {}): Handler =>
	(_request, response) =>
		void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

describe('origins', () => {
	test.each([
		[
			'https://api.github.example',
			['https://api.github.example', 'https://uploads.github.example'],
			'https://github.example',
		],
		[
			'https://api.acme.ghe.example/',
			['https://api.acme.ghe.example', 'https://uploads.acme.ghe.example'],
			'https://acme.ghe.example',
		],
		['https://code.acme.example/api/v3/', ['https://code.acme.example'], 'https://code.acme.example'],
		['http://127.0.0.1:8080', ['http://127.0.0.1:8080'], 'http://127.0.0.1:8080'],
	])('%s', (api, uploads, web) => {
		expect(toOrigins(api)).toMatchObject({ uploads, web });
	});

	test.each([
		'http://api.github.example',
		'https://user:pass@api.github.example',
		'https://api.github.example/?x=1',
		'ftp://127.0.0.1',
		'api.github.example',
		'',
	])('%j is refused, and no password is shown', (api) => {
		expect(() => toOrigins(api)).toThrow(
			expect.objectContaining({
				code: 'GITHUB_API_INVALID',
				message: expect.not.stringContaining('pass') as string,
			}),
		);
	});

	test.each(['acme', 'acme/greet/x', '../x', 'acme/..', 'acme/a b', '-x/y', 'a/b\n', ''])(
		'repository %j',
		(repository) => {
			expect(() => toGitHubRest({ api: 'https://api.github.example', repository })).toThrow(
				expect.objectContaining({ code: 'GITHUB_REPOSITORY_INVALID' }),
			);
		},
	);
});

const FORBIDDEN = 'Resource not accessible by integration';
const resetIn = (seconds: number) => String(Math.ceil(Date.parse('2026-01-02T03:04:05Z') / 1000) + seconds);

describe('what a reply means', () => {
	test.each<readonly [number, unknown, Record<string, string>, object]>([
		[200, { id: 1 }, {}, { kind: 'ok', status: 200, value: { id: 1 } }],
		[200, { id: 'x' }, {}, { kind: 'unknown', sent: true }],
		[200, '<html>', {}, { kind: 'unknown' }],
		[200, '{"id":1,"id":2}', {}, { kind: 'unknown' }],
		[404, { message: 'Not Found' }, {}, { kind: 'not-found', message: 'Not Found' }],
		[401, { message: 'Bad credentials' }, {}, { kind: 'unauthorized' }],
		[
			403,
			{ message: FORBIDDEN },
			{},
			{ kind: 'no-right', hint: expect.stringContaining('`contents: write`') as string },
		],
		[
			403,
			{ message: FORBIDDEN },
			{ 'x-accepted-github-permissions': 'pull_requests=read; issues=write' },
			{ kind: 'no-right', hint: expect.stringContaining('`pull-requests: read`') as string },
		],
		[
			403,
			{ message: 'You have exceeded a secondary rate limit' },
			{},
			{ kind: 'limited', retryAfterMs: undefined, sent: false },
		],
		[403, { message: 'x' }, { 'retry-after': '30' }, { kind: 'limited', retryAfterMs: 30_000 }],
		[
			403,
			{ message: 'x' },
			{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': resetIn(60) },
			{ kind: 'limited', retryAfterMs: 61_000 },
		],
		[429, {}, { 'retry-after': '999999999' }, { kind: 'limited', retryAfterMs: 600_000 }],
		[429, {}, { 'retry-after': 'soon' }, { kind: 'limited', retryAfterMs: undefined }],
		[409, { message: 'Conflict' }, {}, { kind: 'refused', status: 409 }],
		[
			422,
			{
				message: 'Validation Failed',
				errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }],
			},
			{},
			{ kind: 'refused', codes: ['already_exists'], message: 'Validation Failed; name already_exists' },
		],
		[
			422,
			{ message: 'x', errors: ['\u001b[31mred\n::error::'] },
			{},
			{ kind: 'refused', message: expect.not.stringMatching(/\p{Cc}/u) as string },
		],
		[
			307,
			'',
			{ location: 'https://elsewhere.example/' },
			{ kind: 'refused', hint: expect.stringContaining('renamed') as string },
		],
		[500, 'oops', {}, { kind: 'unknown', sent: true }],
		[503, {}, { 'retry-after': '5' }, { kind: 'unknown', retryAfterMs: 5000 }],
	])('%i %j %j', async (status, body, headers, expected) => {
		const { rest } = await open(replying(status, body, headers));
		const schema = v.object({ id: v.number() });
		expect(await rest.send({ method: 'POST', path: 'releases', body: {}, schema })).toMatchObject(expected);
	});

	test('an address at which nothing answers changed nothing', async () => {
		const rest = toGitHubRest({ api: 'http://127.0.0.1:9', repository: 'a/b' });
		expect(await rest.send({ path: '', schema: v.unknown() })).toMatchObject({
			kind: 'unknown',
			sent: false,
		});
	});

	test.each([
		['issues', 'POST', 'issues: write'],
		['attestations/sha256:0', 'GET', 'attestations: read'],
		['environments/npm', 'GET', 'actions: read'],
		['pages', 'GET', 'pages: read'],
	] as const)('%s by %s needs %s', async (path, method, permission) => {
		const { rest } = await open(replying(403, { message: FORBIDDEN }));
		const reply = await rest.send({ method, path, schema: v.unknown() });
		expect(reply).toMatchObject({ hint: expect.stringContaining(`\`${permission}\``) as string });
	});
});

describe('the token', () => {
	test('goes with each request to the API, and nowhere else', async () => {
		const seen: (string | undefined)[] = [];
		const other = await serveLoopback(({ headers }, response) => {
			seen.push(headers.authorization);
			response.end('{}');
		});
		closers.push(other.close);
		const { rest } = await open(({ headers, method }, response) => {
			expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
			response.writeHead(method === 'GET' ? 302 : 307, { location: `${other.origin}/x` }).end();
		});
		expect(await rest.send({ path: 'releases', schema: v.unknown() })).toMatchObject({ kind: 'unknown' });
		await rest.send({ method: 'POST', path: 'releases', schema: v.unknown() });
		expect(await rest.download({ path: 'x', maxBytes: 1 })).toEqual({
			kind: 'redirect',
			location: `${other.origin}/x`,
		});
		const upload = {
			query: { name: 'a' },
			mediaType: 'text/plain',
			bytes: new Uint8Array(1),
			schema: v.unknown(),
		};
		await expect(rest.upload({ ...upload, url: `${other.origin}/assets{?name,label}` })).rejects.toEqual(
			expect.objectContaining({
				code: 'GITHUB_ELSEWHERE',
				message: expect.not.stringContaining(TOKEN) as string,
			}),
		);
		expect(seen).toEqual([]);
	});

	test('is left out where there is none', async () => {
		const { rest } = await open(
			({ headers }, response) => void response.end(JSON.stringify(headers.authorization ?? 'none')),
			{ token: '' },
		);
		expect(rest.hasToken).toBe(false);
		expect(await rest.send({ path: '', schema: v.string() })).toMatchObject({ value: 'none' });
	});
});

describe('paths', () => {
	const echo: Handler = ({ url }, response) => void response.end(JSON.stringify(url));

	test.each([
		['', '/repos/acme/greet'],
		['releases?per_page=1', '/repos/acme/greet/releases?per_page=1'],
		['/user', '/user'],
		[
			pathOf`releases/tags/${'@acme/greet@1.0.0?x#y'}`,
			'/repos/acme/greet/releases/tags/%40acme%2Fgreet%401.0.0%3Fx%23y',
		],
	])('%s', async (path, expected) => {
		const { rest } = await open(echo);
		expect(await rest.send({ path, schema: v.string() })).toMatchObject({ value: expected });
	});

	test.each(['../../user', pathOf`releases/tags/${'..'}`, './x', 'a/../b'])('%s is refused', async (path) => {
		const { rest } = await open(echo);
		await expect(rest.send({ path, schema: v.string() })).rejects.toEqual(
			expect.objectContaining({ code: 'GITHUB_ELSEWHERE' }),
		);
	});
});

describe('pages', () => {
	const paged =
		(pages: number, toLink: (page: number, host: string) => string): Handler =>
		({ url, headers }, response) => {
			const page = Number(new URL(url ?? '', 'http://x').searchParams.get('page') ?? 1);
			const link = page < pages ? { link: toLink(page + 1, `http://${headers.host}`) } : {};
			response.writeHead(200, link).end(JSON.stringify([page]));
		};
	const next = (page: number, host: string) =>
		`<${host}/repos/acme/greet/x?page=${page}>; rel="next", <${host}/y>; rel="last"`;

	test('are all read', async () => {
		const { rest } = await open(paged(3, next));
		expect(await readPages(rest, { path: 'x', item: v.number() })).toMatchObject({ value: [1, 2, 3] });
		expect(await readPages(rest, { path: 'x', item: v.number(), maxPages: 2 })).toMatchObject({
			value: [1, 2],
		});
	});

	test('on other servers are not', async () => {
		const { rest } = await open(paged(3, (page) => `<https://elsewhere.example/x?page=${page}>; rel="next"`));
		expect(await readPages(rest, { path: 'x', item: v.number() })).toMatchObject({ value: [1] });
	});

	test('a page that cannot be had makes the list unknown', async () => {
		let count = 0;
		const { rest } = await open((request, response) => {
			count += 1;
			return count === 2 ? replying(502, {})(request, response) : paged(3, next)(request, response);
		});
		expect(await readPages(rest, { path: 'x', item: v.number() })).toMatchObject({ kind: 'unknown' });
	});
});

describe('patience', () => {
	test('waits as long as a limit asks, three times at most', async () => {
		let count = 0;
		const { rest, context } = await open((request, response) => {
			count += 1;
			return replying(429, {}, count === 1 ? { 'retry-after': '7' } : {})(request, response);
		});
		const start = context.clock.now();
		const reply = await askPatiently(rest, () => rest.send({ path: '', schema: v.unknown() }));
		expect([reply.kind, count, context.clock.now() - start]).toEqual(['limited', 4, 7000 + 60_000 * 2]);
	});

	test('a read is repeated where its reply is unknown; a change is not', async () => {
		let count = 0;
		const { rest } = await open((request, response) => {
			count += 1;
			return replying(count % 3 === 0 ? 200 : 502, {})(request, response);
		});
		const ask = () => rest.send({ path: '', schema: v.unknown() });
		expect(await readPatiently(rest, ask)).toMatchObject({ kind: 'ok' });
		expect(await askPatiently(rest, ask)).toMatchObject({ kind: 'unknown' });
		expect(count).toBe(4);
	});

	test.each([
		[200, 'ok', 1, 0],
		[404, 'not-found', 1, 0],
		[502, 'unknown', 3, 1000 + 2000],
	])(
		'a read that is always answered with %d is asked for as often as that helps',
		async (status, kind, tries, ms) => {
			let count = 0;
			const { rest, context } = await open((request, response) => {
				count += 1;
				return replying(status, {})(request, response);
			});
			const start = context.clock.now();
			const reply = await readPatiently(rest, () => rest.send({ path: '', schema: v.unknown() }));
			expect([reply.kind, count, context.clock.now() - start]).toEqual([kind, tries, ms]);
		},
	);
});
