import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type GitServer, type GitServerOptions, serveGit } from '@slipway/testing';
import type { Change, Store } from '../store.ts';
import { git, makeRemote, NOBODY } from './git-store.fixture.ts';
import { type GitStoreOptions, gitStore } from './git-store.ts';

const TOKEN = 'ghs_of_the_job';

let folder: string;
let remote: string;
const servers: GitServer[] = [];

beforeEach(async () => {
	({ folder, remote } = await makeRemote());
});
afterEach(async () => {
	await Promise.all(servers.splice(0).map((server) => server.close()));
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

const create = (path: string, text = path): Change => ({ kind: 'create', path, bytes: Buffer.from(text) });
const WRITTEN = { outcome: 'written' };

const open = (options: Partial<GitStoreOptions> = {}): Store =>
	gitStore({
		remote,
		branch: 'slipway',
		environment: NOBODY,
		scratchFolder: folder,
		pausesMs: [10, 20, 30],
		...options,
	});

const serve = async (options: Partial<GitServerOptions> = {}): Promise<GitServer> => {
	const server = await serveGit({ folder, token: TOKEN, ...options });
	servers.push(server);
	return server;
};

/** The store through a server, for a job that has the token of it. */
const openServed = async (options: Partial<GitServerOptions> = {}): Promise<Store> => {
	const { origin } = await serve(options);
	const environment = { ...NOBODY, GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: origin };
	return open({ remote: `${origin}/remote.git`, environment });
};

const isPush = ({ method, url }: IncomingMessage): boolean =>
	method === 'POST' && url?.endsWith('/git-receive-pack') === true;

const countCommits = async (): Promise<number> => Number(await git(remote, 'rev-list', '--count', 'slipway'));

describe('a push whose reply is lost', () => {
	test('is known to be written by what the branch holds: one commit, no second one', async () => {
		let lost = 0;
		const store = await openServed({
			loseReply: async (request) => isPush(request) && ++lost <= 2,
		});
		expect(await store.write([create('a')])).toEqual(WRITTEN);
		expect(await store.write([create('b')])).toEqual(WRITTEN);
		// The HTTP library of git may itself repeat a request whose connection ended.
		expect(lost).toBeGreaterThanOrEqual(2);
		expect(await countCommits()).toBe(2);
	});

	test('also where somebody else was on top of it before it was looked at', async () => {
		const other = open();
		await other.write([create('first')]);
		let lost = false;
		const store = await openServed({
			loseReply: async (request) => {
				if (!isPush(request) || lost) return false;
				lost = true;
				expect(await other.write([{ kind: 'put', path: 'head', bytes: Buffer.from('2') }])).toEqual(WRITTEN);
				return true;
			},
		});
		const version = (await store.read('head'))?.version ?? null;
		expect(await store.write([{ kind: 'replace', path: 'head', bytes: Buffer.from('1'), version }])).toEqual(
			WRITTEN,
		);
		expect(lost).toBe(true);
		expect(Buffer.from((await store.read('head'))?.bytes ?? [])).toEqual(Buffer.from('2'));
		expect(await countCommits()).toBe(3);
	});

	test('one that never arrived is made again', async () => {
		let cut = 0;
		const store = await openServed({
			intercept: (request, response) => {
				const isCut = isPush(request) && ++cut <= 2;
				if (isCut) response.destroy();
				return isCut;
			},
		});
		expect(await store.write([create('a')])).toEqual(WRITTEN);
		expect(cut).toBe(3);
		expect(await countCommits()).toBe(1);
	});

	test('a server that never answers a push: STORE_UNREACHABLE, and nothing is written', async () => {
		const store = await openServed({
			intercept: (request, response) => {
				if (isPush(request)) response.destroy();
				return isPush(request);
			},
		});
		await expect(store.write([create('a')])).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
		expect(await store.list('')).toEqual([]);
	});
});

test('a server that fails for a moment is asked again', async () => {
	let failures = 0;
	const store = await openServed({
		intercept: (_request, response) => {
			failures += 1;
			if (failures <= 2) response.writeHead(503).end();
			return failures <= 2;
		},
	});
	expect(await store.read('a')).toBeNull();
	expect(failures).toBeGreaterThan(2);
});

/** What the hook of a server says when it refuses, as GitHub words it. */
const refuse = (text: string): Promise<void> =>
	writeFile(join(remote, 'hooks', 'pre-receive'), `#!/bin/sh\nprintf '${text}' >&2\nexit 1\n`, {
		mode: 0o755,
	});

describe('refusals have a code and an action', () => {
	test('no token: STORE_FORBIDDEN, and nobody is asked for a password', async () => {
		const { origin } = await serve();
		const store = open({ remote: `${origin}/remote.git` });
		await expect(store.read('a')).rejects.toMatchObject({
			code: 'STORE_FORBIDDEN',
			hint: expect.stringContaining('contents: write'),
		});
	});

	test('a token that may only read: STORE_FORBIDDEN at the first write; it is nowhere in the message', async () => {
		const store = await openServed({
			intercept: (request: IncomingMessage, response: ServerResponse) => {
				const writes = request.url?.includes('receive-pack') === true;
				if (writes) response.writeHead(403, { 'Content-Type': 'text/plain' }).end(`no, ${TOKEN}`);
				return writes;
			},
		});
		expect(await store.list('')).toEqual([]);
		const thrown = await store.write([create('a')]).catch((error: unknown) => error);
		expect(thrown).toMatchObject({ code: 'STORE_FORBIDDEN' });
		const text = JSON.stringify([thrown, String(thrown)]);
		expect(text).not.toContain(TOKEN);
		expect(text).not.toContain(Buffer.from(`x-access-token:${TOKEN}`).toString('base64'));
	});

	test('no such repository: STORE_NOT_FOUND', async () => {
		const { origin } = await serve({ token: undefined });
		for (const address of [`${origin}/other.git`, join(folder, 'other.git')])
			await expect(open({ remote: address }).read('a')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
	});

	test.each([
		'error: GH006: Protected branch update failed for refs/heads/slipway.',
		'error: GH013: Repository rule violations found for refs/heads/slipway.\\n- Changes must be made through a pull request.',
	])('a protected branch: STORE_PROTECTED, with what to change: %s', async (text) => {
		await refuse(text);
		await expect((await openServed()).write([create('a')])).rejects.toMatchObject({
			code: 'STORE_PROTECTED',
			message: expect.stringMatching(/GH0(06: Protected|13: Repository rule)/),
			hint: expect.stringContaining('ruleset'),
		});
	});

	test('what a server says is printed as inert text', async () => {
		await refuse('\\033[31mGH006 ::add-mask::\\033[0m');
		const thrown = await open()
			.write([create('a')])
			.catch((error: Error) => error.message);
		expect(thrown).not.toContain('\u001b');
	});

	test('a folder that may not be written: a code, and no lock is left', async () => {
		await writeFile(join(remote, 'hooks', 'update'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
		await expect(open().write([create('a')])).rejects.toMatchObject({ code: 'STORE_PROTECTED' });
	});

	test('a branch below another branch: no waiting helps', async () => {
		await open().write([create('a')]);
		await expect(open({ branch: 'slipway/journal' }).write([create('a')])).rejects.toMatchObject({
			code: 'STORE_WRITE_FAILED',
			message: expect.stringContaining('slipway'),
		});
	});
});

test('nobody listens: STORE_UNREACHABLE', async () => {
	const { origin, close } = await serve();
	await close();
	servers.pop();
	await expect(open({ remote: `${origin}/remote.git` }).read('a')).rejects.toMatchObject({
		code: 'STORE_UNREACHABLE',
	});
});

test('a lock that stays: STORE_BUSY after the wait, with its name', async () => {
	const store = open({ waitMs: 500 });
	await store.write([create('a')]);
	await writeFile(join(remote, 'refs', 'heads', 'slipway.lock'), '');
	await expect(store.write([create('b')])).rejects.toMatchObject({
		code: 'STORE_BUSY',
		message: expect.stringContaining('slipway.lock'),
		hint: expect.stringContaining('.lock'),
	});
	await rm(join(remote, 'refs', 'heads', 'slipway.lock'));
	expect(await store.write([create('b')])).toEqual(WRITTEN);
});

describe('the token', () => {
	test('is not sent to the server of a redirect', async () => {
		const other = await serve({ token: undefined });
		const store = await openServed({
			intercept: (request, response) => {
				response.writeHead(301, { Location: `${other.origin}${request.url}` }).end();
				return true;
			},
		});
		await expect(store.read('a')).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_/) });
		expect(other.requests).toEqual([]);
	});

	test('is in no argument of any process, and not in the private repository', async () => {
		const bin = join(folder, 'bin', 'git');
		const log = join(folder, 'arguments');
		await execute('mkdir', [join(folder, 'bin')]);
		const real = (await execute('which', ['git'])).trim();
		await writeFile(bin, `#!/bin/sh\necho "$@" >> ${log}\nexec ${real} "$@"\n`, { mode: 0o755 });
		const { origin } = await serve();
		const PATH = `${join(folder, 'bin')}:${process.env.PATH}`;
		const environment = { ...NOBODY, PATH, GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: origin };
		const store = open({ remote: `${origin}/remote.git`, environment });
		expect(await store.write([create('a')])).toEqual(WRITTEN);
		expect(await store.read('a')).not.toBeNull();
		const basic = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
		const found = await execute('grep', ['-rlE', `${TOKEN}|${basic}`, folder]).catch(() => '');
		expect(found).toBe('');
		expect(await execute('cat', [log])).toContain('push');
	});
});

const execute = (program: string, args: readonly string[]): Promise<string> =>
	new Promise((resolve, reject) =>
		execFile(program, args, (error, stdout) => (error ? reject(error) : resolve(stdout))),
	);
