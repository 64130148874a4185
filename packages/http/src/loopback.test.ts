import { createHttpClient } from './client.ts';
import { serveLoopback } from './loopback.ts';

test('a handler that throws answers 500 without details', async () => {
	const server = await serveLoopback(async () => {
		throw new Error('detail');
	});
	const reply = await createHttpClient({ origin: server.origin }).send({ method: 'GET', path: '/' });
	await server.close();
	expect(reply).toMatchObject({ kind: 'reply', status: 500, body: Buffer.alloc(0) });
});

test('a handler that throws half-way does not look finished', async () => {
	const server = await serveLoopback(async (_, response) => {
		response.write('half');
		throw new Error('detail');
	});
	const reply = await createHttpClient({ origin: server.origin }).send({ method: 'GET', path: '/' });
	await server.close();
	expect(reply).toMatchObject({ kind: 'lost', sent: true });
});

test('close ends the connections that are open', async () => {
	const server = await serveLoopback(() => {});
	const pending = createHttpClient({ origin: server.origin }).send({ method: 'GET', path: '/' });
	await new Promise((resolve) => setTimeout(resolve, 50));
	await server.close();
	expect(await pending).toMatchObject({ kind: 'lost' });
});
