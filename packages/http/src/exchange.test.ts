// What one request carries, what bounds its reply, and what it leaves behind.
import { getEventListeners } from 'node:events';
import { createHttpClient, type HttpReply, type HttpRequest } from './client.ts';
import { type Handler, serveLoopback } from './loopback.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

const open = async (handler: Handler) => {
	const server = await serveLoopback(handler);
	closers.push(server.close);
	const client = createHttpClient({ origin: server.origin });
	return {
		origin: server.origin,
		send: (more: Partial<HttpRequest> = {}): Promise<HttpReply> =>
			client.send({ method: 'GET', path: '/', timeoutMs: 2000, ...more }),
	};
};

test.each([
	['GET', undefined],
	['HEAD', undefined],
	['PUT', '0'],
	['DELETE', '0'],
] as const)(
	'%s without a body announces the length %s and takes no compressed reply',
	async (method, length) => {
		let seen: unknown;
		const { send } = await open(({ headers }, response) => {
			seen = [headers['content-length'], headers['transfer-encoding'], headers['accept-encoding']];
			response.end();
		});
		await send({ method });
		expect(seen).toEqual([length, undefined, 'identity']);
	},
);

describe('the limit of a reply', () => {
	test('is the last byte that it may have, announced or not', async () => {
		const { send } = await open(({ url }, response) => {
			if (url === '/announced') response.setHeader('content-length', 1000);
			else response.flushHeaders();
			response.end('x'.repeat(1000));
		});
		for (const path of ['/announced', '/silent']) {
			expect(await send({ path, maxBytes: 1000 })).toMatchObject({ kind: 'reply', status: 200 });
			expect(await send({ path, maxBytes: 999 })).toMatchObject({
				kind: 'lost',
				reason: 'the reply is larger than 999 bytes',
			});
		}
	});

	test('is 64 MiB by itself, and what announces more is not waited for', async () => {
		const { send } = await open((_, response) => {
			response.writeHead(200, { 'content-length': 64 * 1024 * 1024 + 1 }).flushHeaders();
		});
		expect(await send()).toMatchObject({
			kind: 'lost',
			sent: true,
			reason: 'the reply is larger than 67108864 bytes',
		});
	});

	test('is not for HEAD, whose reply says how long another would be', async () => {
		const { send } = await open((_, response) => response.writeHead(200, { 'content-length': 1001 }).end());
		expect(await send({ method: 'HEAD', maxBytes: 1000 })).toMatchObject({ kind: 'reply', status: 200 });
	});
});

test('a request on a connection that was there already may have reached the server', async () => {
	let requests = 0;
	const { send } = await open((request, response) => {
		requests += 1;
		if (requests === 1) response.end();
		else request.socket.destroy();
	});
	await send();
	expect(await send()).toMatchObject({ kind: 'lost', sent: true });
});

test('the reason says what the system said', async () => {
	const server = await serveLoopback(() => {});
	await server.close();
	const reply = await createHttpClient({ origin: server.origin }).send({ method: 'GET', path: '/' });
	expect(reply).toMatchObject({ kind: 'lost', reason: expect.stringMatching(/connect ECONNREFUSED/) });
});

test('a reply that ends before its time broke off', async () => {
	const { send } = await open((request, response) => {
		response.writeHead(200, { 'content-length': 100 }).write('short');
		setTimeout(() => request.socket.destroy(), 20);
	});
	expect(await send()).toMatchObject({ kind: 'lost', sent: true, reason: 'the reply broke off' });
});

test('what is given up is not kept open', async () => {
	const closed = Promise.withResolvers<void>();
	const controller = new AbortController();
	const { send } = await open((request) => {
		request.socket.once('close', () => closed.resolve());
		controller.abort('enough');
	});
	expect(await send({ method: 'PUT', signal: controller.signal })).toMatchObject({
		reason: 'cancelled',
		cause: 'enough',
	});
	await closed.promise;
});

test.each([2000, undefined])('no timer is left behind (limit of %s ms)', async (timeoutMs) => {
	const countTimers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
	const { origin } = await open((_, response) => response.end());
	const client = createHttpClient({ origin });
	const before = countTimers();
	await client.send({ method: 'PUT', path: '/', ...(timeoutMs !== undefined && { timeoutMs }) });
	expect(countTimers()).toBeLessThanOrEqual(before);
});

test('a signal that serves many requests gathers nothing', async () => {
	const { signal } = new AbortController();
	const { send } = await open((_, response) => response.end());
	await send({ signal });
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});
