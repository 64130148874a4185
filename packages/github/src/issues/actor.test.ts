import { type Handler, serveLoopback } from '@slipway/http';
import { testContext } from '@slipway/testing';
import { toGitHubRest } from '../rest/rest.ts';
import { readActor } from './actor.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

type Told = readonly [status: number, body: object];

const REFUSED: Told = [403, { message: 'Resource not accessible by integration' }];
const ADA: Told = [200, { login: 'ada' }];
const toErrors = (type: string): Told => [200, { data: null, errors: [{ type, message: 'no\u001b[2K' }] }];

/** What is known of a token where the two APIs tell this, and which paths were asked. */
const ask = async ({ graphql, user }: { graphql: Told; user: Told }, basePath = '') => {
	const asked: string[] = [];
	const handler: Handler = (request, response) => {
		asked.push(`${request.method} ${request.url}`);
		const [status, body] = request.url?.endsWith('/graphql') ? graphql : user;
		response.writeHead(status).end(JSON.stringify(body));
	};
	const server = await serveLoopback(handler);
	closers.push(server.close);
	const api = `${server.origin}${basePath}`;
	const rest = toGitHubRest({ api, repository: 'acme/greet', token: 't', scope: testContext('') });
	return { asked, actor: readActor(rest) };
};

const VIEWER: Told = [200, { data: { viewer: { login: 'acme-release[bot]' } } }];

test.each([
	['', ['POST /graphql']],
	['/api/v3', ['POST /api/graphql']],
])('an API at %j is asked once', async (basePath, paths) => {
	const { asked, actor } = await ask({ graphql: VIEWER, user: REFUSED }, basePath);
	expect(await actor).toBe('acme-release[bot]');
	expect(asked).toEqual(paths);
});

test.each<[string, Told, Told, string]>([
	['GraphQL refused with 403', REFUSED, REFUSED, 'github-actions[bot]'],
	['GraphQL refused with 403', REFUSED, ADA, 'ada'],
	['no GraphQL', [404, { message: 'Not Found' }], ADA, 'ada'],
	['GraphQL refused with 200', toErrors('FORBIDDEN'), REFUSED, 'github-actions[bot]'],
	['GraphQL refused without a kind', [200, { errors: [{}] }], ADA, 'ada'],
	['GraphQL down', [502, {}], ADA, 'ada'],
	['GraphQL limited', toErrors('RATE_LIMITED'), ADA, 'ada'],
])('%s: %j, %j: %s', async (_name, graphql, user, expected) => {
	const { actor } = await ask({ graphql, user });
	expect(await actor).toBe(expected);
});

test.each<[string, Told, Told, string]>([
	['GraphQL limited', toErrors('RATE_LIMITED'), REFUSED, 'GITHUB_LIMITED'],
	['GraphQL down', [502, {}], REFUSED, 'GITHUB_UNREACHABLE'],
	['a reply that is neither', [200, { data: { viewer: null } }], REFUSED, 'GITHUB_UNREACHABLE'],
	['both down', [502, {}], [502, {}], 'GITHUB_UNREACHABLE'],
])('nobody is guessed: %s', async (_name, graphql, user, code) => {
	const { actor } = await ask({ graphql, user });
	await expect(actor).rejects.toMatchObject({
		code,
		message: expect.not.stringMatching(/\p{Cc}/u) as string,
	});
});
