// F22: a server that never ends, is slow, announces too much, sends in circles or packs a bomb costs a bounded time and a
// bounded memory, measured in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const CHILD = fileURLToPath(new URL('endless-child.ts', import.meta.url));
const MOST_MS = 60_000;
const MOST_BYTES = 256 * 2 ** 20;
const CHUNK = Buffer.alloc(1 << 20, 120);

const sendForEver = (response: ServerResponse): void => {
	const more = (): void => {
		while (!response.destroyed && response.write(CHUNK));
		if (!response.destroyed) response.once('drain', more);
	};
	more();
};

const drip = (response: ServerResponse): void => {
	const timer = setInterval(() => response.write('x'), 200);
	response.on('close', () => clearInterval(timer));
};

/** 200 MiB of nothing in some 200 KiB. */
const toBomb = (): Buffer => gzipSync(Buffer.alloc(200 << 20), { level: 1 });

const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
	'an endless body': (response) => sendForEver(response.writeHead(200)),
	'an endless body, packed by gzip': (response) =>
		sendForEver(response.writeHead(200, { 'content-encoding': 'gzip' })),
	'a body that drips': (response) => drip(response.writeHead(200)),
	'10 GB announced, and sent': (response) =>
		sendForEver(response.writeHead(200, { 'content-length': String(10 * 2 ** 30) })),
	'10 GB announced, and nothing sent': (response) =>
		void response.writeHead(200, { 'content-length': String(10 * 2 ** 30) }).flushHeaders(),
	'redirects in a circle': (response) => void response.writeHead(302, { location: '/again' }).end(),
	'a gzip bomb': (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(toBomb()),
};

interface Answer {
	readonly outcome: string;
	readonly ms: number;
	readonly rss: number;
}

const askInChild = async (verb: string, origin: string): Promise<Answer> => {
	const child = spawn(process.execPath, ['--no-warnings', CHILD, verb, origin], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const said: string[] = [];
	child.stdout.on('data', (data) => said.push(String(data)));
	await once(child, 'close');
	return JSON.parse(said.join(''));
};

describe.each(['read', 'probe'])('%s', (verb) => {
	test.each(Object.entries(ANSWERS))(
		'%s',
		async (_name, answer) => {
			const server = createServer((request, response) => {
				request.resume();
				response.on('error', () => {});
				answer(response);
			});
			server.listen(0, '127.0.0.1');
			await once(server, 'listening');
			const { port } = server.address() as AddressInfo;
			try {
				const { outcome, ms, rss } = await askInChild(verb, `http://127.0.0.1:${port}`);
				expect(outcome).toMatch(/^(lost|unknown|small)$/);
				expect(ms).toBeLessThan(MOST_MS);
				expect(rss).toBeLessThan(MOST_BYTES);
			} finally {
				server.closeAllConnections();
				server.close();
			}
		},
		900_000,
	);
});
