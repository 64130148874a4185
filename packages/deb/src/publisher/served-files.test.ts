import type { HttpClient, HttpRequest } from '@slipway/http';
import { openServedFiles } from './served-files.ts';

test('a larger file may take longer', async () => {
	const requests: HttpRequest[] = [];
	const client: HttpClient = {
		origin: 'https://example.org',
		send: async (request) => {
			requests.push(request);
			return { kind: 'reply', status: 200, headers: new Headers(), body: new Uint8Array(1) };
		},
	};
	const served = openServedFiles('https://example.org/apt/', client);
	const { signal } = new AbortController();
	await served.get('small', { maxBytes: 1, signal });
	await served.get('pool/large.deb', { maxBytes: 500 * 1024 ** 2, signal });
	expect(requests).toMatchObject([
		{ path: '/apt/small', maxBytes: 1, timeoutMs: 61_000 },
		{ path: '/apt/pool/large.deb', maxBytes: 500 * 1024 ** 2, timeoutMs: 2_060_000 },
	]);
});
