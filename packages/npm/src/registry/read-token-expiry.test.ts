import { type LoopbackServer, serveLoopback } from '@slipway/http';
import { testContext } from '@slipway/testing';
import { readTokenExpiry } from './read-token-expiry.ts';

const SECRET = `npm_${'a'.repeat(32)}jCq0`;
const END = '2026-02-03T20:06:18.920Z';

let server: LoopbackServer;
let reply: readonly [status: number, body: string];
beforeEach(async () => {
	server = await serveLoopback(({ url, headers }, response) => {
		const isAsked = url === '/-/npm/v1/tokens' && headers.authorization === `Bearer ${SECRET}`;
		response.writeHead(isAsked ? reply[0] : 500).end(reply[1]);
	});
});
afterEach(() => server.close());

const OURS = { token: 'npm_aaaa...jCq0', expiry: END };

test.each<readonly [string, number, unknown, number | undefined]>([
	['lists it', 200, { objects: [{ token: 'npm_bbbb...jCq0', expiry: '2030-01-01' }, OURS] }, Date.parse(END)],
	['lists it without an end', 200, { objects: [{ ...OURS, expiry: null }] }, undefined],
	['lists others only', 200, { objects: [{ token: 'npm_bbbb...jCq0', expiry: END }] }, undefined],
	['lists two that look alike', 200, { objects: [OURS, OURS] }, undefined],
	['shows too little of it', 200, { objects: [{ token: 'npm...0', expiry: END }] }, undefined],
	['says no day', 200, { objects: [{ ...OURS, expiry: 'soon' }] }, undefined],
	['has no such list', 404, {}, undefined],
	['does not let it read the list', 403, {}, undefined],
	['says something else', 200, { tokens: 1 }, undefined],
])('a registry that %s', async (_, status, body, expected) => {
	reply = [status, JSON.stringify(body)];
	expect(await readTokenExpiry(server.origin, `Bearer ${SECRET}`, testContext('/nowhere'))).toBe(expected);
});
