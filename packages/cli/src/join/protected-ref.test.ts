import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type GitServer, serveGit } from '@slipway/testing';
import { withProtectedRef } from './protected-ref.ts';

const execute = promisify(execFile);

const git = async (cwd: string, ...args: string[]): Promise<string> =>
	(await execute('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { cwd }))
		.stdout;

const TOKEN = 'ghs_of_the_job';

let root: string;
let folder: string;
let server: GitServer;

/** A private repository, and a checkout of one commit of it that kept no credentials. */
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'slipway-protected-'));
	folder = join(root, 'checkout');
	const bare = join(root, 'served', 'acme', 'greet.git');
	await mkdir(folder);
	await git(folder, 'init', '--quiet', '--initial-branch=main');
	await writeFile(join(folder, 'slipway.policy.yml'), 'policy: 1\n');
	await git(folder, 'add', '.');
	await git(folder, 'commit', '--quiet', '-m', 'first');
	await git(root, 'clone', '--quiet', '--bare', folder, bare);
	server = await serveGit({ folder: join(root, 'served'), token: TOKEN });
	await git(folder, 'remote', 'add', 'origin', `${server.origin}/acme/greet.git`);
});
afterAll(async () => {
	await server.close();
	await rm(root, { recursive: true, force: true });
});

const NOBODY = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };

const readPolicy = (environment: Readonly<Record<string, string | undefined>>) =>
	withProtectedRef(folder, { ...NOBODY, ...environment }, async (reading) => {
		if (reading.state !== 'found') return reading.state;
		return Buffer.from((await reading.ref.read('slipway.policy.yml')) ?? []).toString();
	});

test("a job reads the protected branch of a private repository with its token, which is the server's", async () => {
	const job = { GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: server.origin };
	expect(await readPolicy(job)).toBe('policy: 1\n');
});

test.each([
	['no token', () => ({ GITHUB_SERVER_URL: server.origin })],
	['a wrong token', () => ({ GITHUB_TOKEN: 'ghs_wrong', GITHUB_SERVER_URL: server.origin })],
	['a token of another server', () => ({ GITHUB_TOKEN: TOKEN })],
])('%s: it cannot be read, and nobody is asked for a password', async (_name, toEnvironment) => {
	expect(await readPolicy(toEnvironment())).toBe('unreadable');
});

test('a token for another server never reaches this one', async () => {
	const before = server.requests.length;
	await readPolicy({ GITHUB_TOKEN: TOKEN });
	const seen = server.requests.slice(before);
	expect(seen.length).toBeGreaterThan(0);
	expect(seen.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
});
