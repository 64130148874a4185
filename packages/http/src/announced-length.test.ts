import { setImmediate } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { createHttpClient } from './client.ts';
import { serveLoopback } from './loopback.ts';

const MINUTE_MS = 60_000;
const LENGTH = 4 * 256 * 1024;

afterEach(() => {
	jest.useRealTimers();
});

/** The reply begins, stands still for `waitMs` of the client's time, and is then completed. */
const receive = async (waitMs: number, options: { readonly timeoutMs?: number } = {}) => {
	const begun = Promise.withResolvers<() => void>();
	const server = await serveLoopback((_request, response) => {
		response.writeHead(200, { 'content-length': LENGTH }).write('x');
		begun.resolve(() => response.end(Buffer.alloc(LENGTH - 1)));
	});
	jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] });
	try {
		const reply = createHttpClient({ origin: server.origin, ...options }).send({ method: 'GET', path: '/' });
		const end = await begun.promise;
		// The head is on the loopback: some turns of the event loop bring it to the client.
		for (let turn = 0; turn < 200; turn += 1) await setImmediate();
		jest.advanceTimersByTime(waitMs);
		end();
		return await reply;
	} finally {
		jest.useRealTimers();
		await server.close();
	}
};

test('a reply may take longer the more bytes it announces', async () => {
	expect(await receive(MINUTE_MS + 3900)).toMatchObject({ kind: 'reply', status: 200 });
});

test('but not longer than that', async () => {
	expect(await receive(MINUTE_MS + 4100)).toMatchObject({
		kind: 'lost',
		reason: 'no complete reply within 64 s',
	});
});

test('a limit that was asked for stays what it is', async () => {
	expect(await receive(5100, { timeoutMs: 5000 })).toMatchObject({
		kind: 'lost',
		reason: 'no complete reply within 5 s',
	});
});
