import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFolderHandler } from './folder-handler.ts';
import { type LoopbackServer, serveLoopback } from './loopback.ts';

const MODIFIED = new Date('2026-11-20T10:00:00.700Z');
const MODIFIED_TEXT = 'Fri, 20 Nov 2026 10:00:00 GMT';
let folder: string;
let server: LoopbackServer;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'slipway-folder-'));
	await mkdir(join(folder, 'root', 'dists'), { recursive: true });
	await writeFile(join(folder, 'secret'), 'secret');
	await writeFile(join(folder, 'root', 'dists', 'a b+~é'), '0123456789');
	await utimes(join(folder, 'root', 'dists', 'a b+~é'), MODIFIED, MODIFIED);
	await writeFile(join(folder, 'root', 'empty'), '');
	await symlink(join(folder, 'secret'), join(folder, 'root', 'out'));
	await symlink('empty', join(folder, 'root', 'in'));
	server = await serveLoopback(toFolderHandler(join(folder, 'root')));
});
afterAll(async () => {
	await server.close();
	await rm(folder, { recursive: true });
});

const FILE = '/dists/a%20b%2b%7e%C3%A9';
const ask = async (path: string, init: RequestInit = {}) => {
	const reply = await fetch(server.origin + path, init);
	return { status: reply.status, headers: reply.headers, text: await reply.text() };
};
/** As written, without the clean-up that URL parsers do. */
const askRaw = (target: string): Promise<string> =>
	new Promise((resolve) => {
		let text = '';
		const socket = createConnection(server.port, '127.0.0.1');
		socket.on('data', (chunk) => {
			text += chunk;
		});
		socket.on('end', () => resolve(text));
		socket.end(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
	});

test('sends a file with its length and time', async () => {
	const { status, headers, text } = await ask(FILE);
	expect({ status, text }).toEqual({ status: 200, text: '0123456789' });
	expect(headers.get('content-length')).toBe('10');
	expect(headers.get('last-modified')).toBe(MODIFIED_TEXT);
});

test('HEAD sends the same without the bytes; an empty file is a file; a query is ignored', async () => {
	const { headers, text } = await ask(FILE, { method: 'HEAD' });
	expect({ length: headers.get('content-length'), text }).toEqual({ length: '10', text: '' });
	for (const path of ['/empty', '/in', '/empty?x=1'])
		expect(await ask(path)).toMatchObject({ status: 200, text: '' });
});

test.each([
	[MODIFIED_TEXT, 304],
	['Fri, 20 Nov 2026 10:00:01 GMT', 304],
	['Fri, 20 Nov 2026 09:59:59 GMT', 200],
	['nonsense', 200],
])('If-Modified-Since %s: %i', async (since, status) => {
	expect((await ask(FILE, { headers: { 'if-modified-since': since } })).status).toBe(status);
});

test.each([
	['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
	['bytes=7-', 206, '789', 'bytes 7-9/10'],
	['bytes=-2', 206, '89', 'bytes 8-9/10'],
	['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
	['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
	['bytes=10-', 416, '', 'bytes */10'],
	['bytes=-0', 416, '', 'bytes */10'],
	['bytes=5-2', 200, '0123456789', null],
	['bytes=0-1,3-4', 200, '0123456789', null],
	['lines=1-2', 200, '0123456789', null],
])('Range %s', async (range, status, text, contentRange) => {
	const reply = await ask(FILE, { headers: { range } });
	expect({ status: reply.status, text: reply.text, range: reply.headers.get('content-range') }).toEqual({
		status,
		text,
		range: contentRange,
	});
});

test('If-Range with another time sends the whole file', async () => {
	const ask1 = await ask(FILE, { headers: { range: 'bytes=7-', 'if-range': MODIFIED_TEXT } });
	const ask2 = await ask(FILE, {
		headers: { range: 'bytes=7-', 'if-range': 'Fri, 20 Nov 2026 09:00:00 GMT' },
	});
	expect([ask1.text, ask2.text]).toEqual(['789', '0123456789']);
});

test.each(['/', '/dists', '/dists/', '/missing', '/out', '/empty/', '/empty/x', '/%zz', '/a%00b'])(
	'%s is not found',
	async (path) => {
		const { status, text } = await ask(path);
		expect({ status, text }).toEqual({ status: 404, text: 'not found\n' });
	},
);

test.each([
	'/../secret',
	'/dists/../../secret',
	'/%2e%2e/secret',
	'/..%2fsecret',
	'/..%5csecret',
	'//secret',
	'secret',
])('%s does not leave the folder', async (target) => {
	const reply = await askRaw(target);
	expect(reply).toMatch(/^HTTP\/1\.1 40[04]/);
	expect(reply).not.toContain('secret');
});

test('takes no other method', async () => {
	expect((await ask(FILE, { method: 'PUT', body: 'x' })).status).toBe(405);
});
