import { findIdTokenService, requestIdToken } from './id-token.ts';
import { type Handler, type LoopbackServer, serveLoopback } from './loopback.ts';

let server: LoopbackServer;
let handler: Handler;
beforeAll(async () => {
	server = await serveLoopback((request, response) => handler(request, response));
});
afterAll(() => server.close());

const toService = () => ({ url: `${server.origin}/token?api-version=2`, right: 'right-1' });

test('a job has the service when it was given both variables', () => {
	const both = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example/t', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'r' };
	expect(findIdTokenService(both)).toEqual({ url: 'https://x.example/t', right: 'r' });
	expect(findIdTokenService({ ...both, ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' })).toBeUndefined();
	expect(findIdTokenService({ ...both, ACTIONS_ID_TOKEN_REQUEST_URL: 'no address' })).toBeUndefined();
	expect(findIdTokenService({})).toBeUndefined();
});

test('it asks for one audience with the right of the job', async () => {
	let seen: unknown;
	handler = ({ url, headers, method }, response) => {
		seen = { url, method, authorization: headers.authorization };
		response.end(JSON.stringify({ value: 'a.b.c' }));
	};
	expect(await requestIdToken(toService(), 'sigstore')).toEqual({ kind: 'token', token: 'a.b.c' });
	expect(seen).toEqual({
		url: '/token?api-version=2&audience=sigstore',
		method: 'GET',
		authorization: 'Bearer right-1',
	});
});

test.each([
	[200, '{}', 'refused'],
	[200, 'not JSON', 'refused'],
	[200, '{"value":"two words"}', 'refused'],
	[200, '{"value":"a","value":"b"}', 'refused'],
	[401, '{"value":"a.b.c"}', 'refused'],
	[404, '', 'refused'],
	[429, '', 'lost'],
	[503, '', 'lost'],
])('status %i with %j is %s', async (status, body, kind) => {
	handler = (_, response) => response.writeHead(status).end(body);
	expect(await requestIdToken(toService(), 'sigstore')).toMatchObject({ kind });
});

test('a reply that breaks off is lost', async () => {
	handler = (_, response) => response.destroy();
	expect(await requestIdToken(toService(), 'sigstore')).toMatchObject({ kind: 'lost' });
});
