import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describeWith } from '@slipway/testing';
import { createHttpClient, type HttpRequest } from './client.ts';
import { type Handler, serveLoopback } from './loopback.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

const serve = async (handler: Handler) => {
	const server = await serveLoopback(handler);
	closers.push(server.close);
	return server;
};

/** A server of bytes: what no correct HTTP server would send. */
const serveRaw = async (onSocket: (socket: Socket) => void): Promise<string> => {
	const server: Server = createServer(onSocket).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	closers.push(() => server.close());
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const get = (path = '/', more: Partial<HttpRequest> = {}): HttpRequest => ({ method: 'GET', path, ...more });
const put = (more: Partial<HttpRequest> = {}): HttpRequest => ({
	method: 'PUT',
	path: '/x',
	body: 'hello',
	...more,
});

test('sends what it was given and gives the reply as bytes', async () => {
	const seen: unknown[] = [];
	const { origin } = await serve(async (request, response) => {
		const body = Buffer.concat(await request.toArray()).toString();
		const { authorization, 'user-agent': agent, 'content-length': length } = request.headers;
		seen.push({ method: request.method, url: request.url, authorization, agent, length, body });
		response.writeHead(201, { 'x-a': ['1', '2'] }).end(Buffer.from([0, 255]));
	});
	const client = createHttpClient({ origin, userAgent: 'test/1', headers: { authorization: 'Bearer t' } });
	const reply = await client.send(put({ path: '/@a%2fb?x=1', body: 'hé' }));
	expect(seen).toEqual([
		{
			method: 'PUT',
			url: '/@a%2fb?x=1',
			authorization: 'Bearer t',
			agent: 'test/1',
			length: '3',
			body: 'hé',
		},
	]);
	expect(reply).toMatchObject({ kind: 'reply', status: 201 });
	if (reply.kind === 'reply') {
		expect([...reply.body]).toEqual([0, 255]);
		expect(reply.headers.get('x-a')).toBe('1, 2');
	}
});

test('every status is a reply, never an error', async () => {
	const { origin } = await serve((request, response) =>
		response.writeHead(Number(request.url?.slice(1))).end(),
	);
	const client = createHttpClient({ origin });
	for (const status of [200, 204, 304, 401, 404, 409, 429, 500, 503])
		expect(await client.send(get(`/${status}`))).toMatchObject({ kind: 'reply', status });
});

test('reads share a connection, mutations never reuse one', async () => {
	const ports = new Map<string, Set<number | undefined>>();
	const { origin } = await serve((request, response) => {
		const method = request.method ?? '';
		ports.set(method, (ports.get(method) ?? new Set()).add(request.socket.remotePort));
		response.end();
	});
	const client = createHttpClient({ origin });
	for (let count = 0; count < 3; count += 1) {
		await client.send(get());
		await client.send(put());
	}
	expect(ports.get('GET')?.size).toBe(1);
	expect(ports.get('PUT')?.size).toBe(3);
});

describe('a request that certainly did not reach the server', () => {
	test('connection refused', async () => {
		const server = await serveLoopback(() => {});
		await server.close();
		const reply = await createHttpClient({ origin: server.origin }).send(put());
		expect(reply).toMatchObject({ kind: 'lost', sent: false });
	});

	test('a name that does not resolve', async () => {
		const reply = await createHttpClient({ origin: 'http://nowhere.invalid' }).send(put());
		expect(reply).toMatchObject({ kind: 'lost', sent: false });
	});

	test('cancelled before', async () => {
		const { origin } = await serve((_, response) => response.end());
		const reply = await createHttpClient({ origin }).send(put({ signal: AbortSignal.abort() }));
		expect(reply).toMatchObject({ kind: 'lost', sent: false, reason: 'cancelled' });
	});
});

/** A server over TLS whose certificate nobody vouches for. */
const serveTls = async (handler: Handler) => {
	const folder = mkdtempSync(join(tmpdir(), 'slipway-tls-'));
	// biome-ignore format: one option a line says less than the command itself
	const options = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', 'key.pem', '-out', 'cert.pem'];
	spawnSync('openssl', options, { cwd: folder });
	const tls = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
	rmSync(folder, { recursive: true });
	const server = createTlsServer(tls, handler).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	closers.push(() => server.close());
	return { origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, certificate: tls.cert };
};

describeWith('openssl', 'a request over TLS', () => {
	test('to a server whose certificate nobody vouches for is not sent', async () => {
		let requests = 0;
		const { origin } = await serveTls((_, response) => {
			requests += 1;
			response.end();
		});
		const reply = await createHttpClient({ origin }).send(put());
		expect(reply).toMatchObject({ kind: 'lost', sent: false });
		expect(requests).toBe(0);
	});

	test('that got no reply may have arrived', async () => {
		const { origin, certificate } = await serveTls((request) => request.socket.destroy());
		const known = getCACertificates('default');
		closers.push(() => setDefaultCACertificates(known));
		setDefaultCACertificates([certificate.toString()]);
		const reply = await createHttpClient({ origin }).send(put());
		expect(reply).toMatchObject({ kind: 'lost', sent: true });
	});
});

describe('a request whose effect is unknown', () => {
	test.each([
		['reset after the request', (socket: Socket) => socket.resetAndDestroy()],
		['closed without a reply', (socket: Socket) => socket.end()],
		[
			'truncated reply',
			(socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'),
		],
		[
			'truncated chunks',
			(socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'),
		],
		['not HTTP at all', (socket: Socket) => socket.end('SSH-2.0-OpenSSH\r\n')],
		['headers without end', (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`)],
	])('%s', async (_name, act) => {
		let requests = 0;
		const origin = await serveRaw((socket) => {
			socket.on('error', () => {});
			socket.once('data', () => {
				requests += 1;
				act(socket);
			});
		});
		const reply = await createHttpClient({ origin }).send(put());
		expect(reply).toMatchObject({ kind: 'lost', sent: true });
		expect(requests).toBe(1);
	});

	test('no reply in time, and a body that drips for ever', async () => {
		const silent = await serve(() => {});
		const reply = await createHttpClient({ origin: silent.origin, timeoutMs: 100 }).send(put());
		expect(reply).toMatchObject({ kind: 'lost', sent: true, reason: 'no complete reply within 0.1 s' });
		const dripping = await serve((_, response) => {
			const timer = setInterval(() => response.write('x'), 20);
			response.on('close', () => clearInterval(timer));
		});
		const drip = await createHttpClient({ origin: dripping.origin }).send(get('/', { timeoutMs: 150 }));
		expect(drip).toMatchObject({ kind: 'lost', sent: true });
	});

	test('cancelled under way', async () => {
		const controller = new AbortController();
		const { origin } = await serve(() => controller.abort());
		const reply = await createHttpClient({ origin }).send(put({ signal: controller.signal }));
		expect(reply).toMatchObject({ kind: 'lost', sent: true, reason: 'cancelled' });
	});

	test('too large, announced or not', async () => {
		const { origin } = await serve((request, response) => {
			if (request.url === '/announced') response.setHeader('content-length', 10_000_000_000);
			response.write('x'.repeat(2000));
		});
		const client = createHttpClient({ origin });
		for (const path of ['/announced', '/silent']) {
			const reply = await client.send(get(path, { maxBytes: 1000 }));
			expect(reply).toMatchObject({ kind: 'lost', reason: 'the reply is larger than 1000 bytes' });
		}
	});
});

describe('redirects', () => {
	const redirecting: Handler = (request, response) => {
		const target = new URL(request.url ?? '', 'http://x').searchParams.get('to');
		if (target === null) response.end(request.url);
		else response.writeHead(302, { location: target }).end();
	};

	test('on the origin are followed for reads', async () => {
		const { origin } = await serve(redirecting);
		const reply = await createHttpClient({ origin }).send(get('/a/b?to=../c?d=1'));
		expect(reply.kind === 'reply' && Buffer.from(reply.body).toString()).toBe('/c?d=1');
	});

	test('to another server are refused, and no credential goes there', async () => {
		let visits = 0;
		const other = await serve((_, response) => {
			visits += 1;
			response.end();
		});
		const { origin } = await serve(redirecting);
		const reply = await createHttpClient({ origin, headers: { authorization: 's' } }).send(
			get(`/?to=${other.origin}/`),
		);
		expect(reply).toMatchObject({ kind: 'lost', sent: true });
		expect(visits).toBe(0);
	});

	test('to the same server by another scheme are refused (H12)', async () => {
		const { origin } = await serve(redirecting);
		for (const scheme of ['https', 'ftp', 'file']) {
			const to = `${origin.replace(/^http/, scheme)}/c`;
			expect(await createHttpClient({ origin }).send(get(`/?to=${to}`))).toMatchObject({ kind: 'lost' });
		}
	});

	test('that never end are given up', async () => {
		let count = 0;
		const { origin } = await serve((_, response) => {
			count += 1;
			response.writeHead(302, { location: '/again' }).end();
		});
		expect(await createHttpClient({ origin }).send(get())).toMatchObject({ kind: 'lost' });
		expect(count).toBe(6);
	});

	test('of a mutation are its reply', async () => {
		const { origin } = await serve(redirecting);
		expect(await createHttpClient({ origin }).send(put({ path: '/?to=/c' }))).toMatchObject({ status: 302 });
	});
});

describe('what is refused before anything is sent', () => {
	test.each([
		'//elsewhere.invalid/',
		'http://elsewhere.invalid/',
		'relative',
		'/\\elsewhere.invalid',
		'/a b',
		'/a\r\nX: y',
		'',
	])('path %j', async (path) => {
		const client = createHttpClient({ origin: 'http://127.0.0.1:1' });
		await expect(client.send(get(path))).rejects.toEqual(
			expect.objectContaining({ name: 'SlipwayError', code: 'HTTP_REQUEST_INVALID' }),
		);
	});

	test('a header with a line break, without quoting it', async () => {
		const client = createHttpClient({
			origin: 'http://127.0.0.1:1',
			headers: { authorization: 'secr\r\net' },
		});
		const error = await client.send(get()).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({
			name: 'SlipwayError',
			code: 'HTTP_REQUEST_INVALID',
			hint: expect.stringContaining('line breaks'),
			cause: 'ERR_INVALID_CHAR',
		});
		expect(JSON.stringify([String(error), (error as Error).cause])).not.toContain('secr');
	});

	test.each(['ftp://127.0.0.1', 'not an address', 'http://user:pass@127.0.0.1', ''])(
		'origin %j',
		(origin) => {
			expect(() => createHttpClient({ origin })).toThrow(
				expect.objectContaining({
					code: 'HTTP_ORIGIN_INVALID',
					message: expect.not.stringContaining('pass@') as string,
				}),
			);
		},
	);
});
