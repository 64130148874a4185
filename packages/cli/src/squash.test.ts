import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitStore } from '@slipway/store';
import { type Ran, runHere } from './run-cli.fixture.ts';

const ENVIRONMENT = {
	PATH: process.env.PATH,
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_SYSTEM: '/dev/null',
};

let folder: string;
let remote: string;

const git = (...args: readonly string[]): string =>
	execFileSync('git', ['-C', remote, ...args], { encoding: 'utf8' }).trim();

const squash = (...args: readonly string[]): Promise<Ran> =>
	runHere(['store', 'squash', ...args], {
		cwd: folder,
		environment: { ...ENVIRONMENT, RUNNER_TEMP: folder },
	});

const toConfig = (journal: string): string =>
	[
		`journal: ${journal}`,
		'targets:',
		'  apt: {type: apt, store: {branch: slipway-apt, remote: ./remote.git}, url: "http://127.0.0.1:9/", origin: x, signing-key: {environment: KEY}}',
		'',
	].join('\n');

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-squash-'));
	remote = join(folder, 'remote.git');
	execFileSync('git', ['init', '--quiet', '--bare', remote]);
	writeFileSync(join(folder, 'package.json'), '{"name":"demo","version":"1.0.0"}');
	writeFileSync(join(folder, 'slipway.yml'), toConfig('{branch: slipway, remote: ./remote.git}'));
	for (const branch of ['slipway', 'slipway-apt']) {
		const store = gitStore({ remote, branch, environment: ENVIRONMENT, scratchFolder: folder });
		for (const path of ['a', 'b', 'c'])
			await store.write([
				{ kind: 'create', path: `deep/${path}`, bytes: Buffer.from(`${branch}\n\0${path}`) },
			]);
	}
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

test('journal and apt repository: a dry run, then one commit each with every byte, then nothing to do', async () => {
	const show = (): readonly string[] =>
		['slipway', 'slipway-apt'].map((branch) => git('ls-tree', '-r', '--full-tree', branch));
	const before = show();
	const dry = await squash();
	expect(dry).toMatchObject({ code: 0 });
	expect(dry.stdout).toContain(
		'journal (branch slipway of ./remote.git): would drop the history of 3 commits and keep 3 files byte for byte; --yes does it',
	);
	expect(dry.stdout).toContain('slipway: Write deep/c');
	expect(git('rev-list', '--count', 'slipway', 'slipway-apt')).toBe('6');
	expect(await squash('apt', '--yes')).toMatchObject({
		code: 0,
		stdout: expect.stringMatching(
			/^apt .*: dropped the history of 3 commits, kept 3 files byte for byte in [0-9a-f]{12}\n$/,
		),
	});
	expect(git('rev-list', '--count', 'slipway')).toBe('3');
	const { code, stdout } = await squash('--yes', '--json');
	expect(code).toBe(0);
	expect(JSON.parse(stdout)).toMatchObject({
		squashes: [
			{ name: 'journal', outcome: 'squashed', files: 3 },
			{ name: 'apt', outcome: 'nothing' },
		],
	});
	expect(git('rev-list', '--count', 'slipway', 'slipway-apt')).toBe('2');
	expect(show()).toEqual(before);
});

test('commits of others are named before they go', async () => {
	const tree = git('rev-parse', 'slipway^{tree}');
	const commit = git(
		...['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org'],
		...['commit-tree', tree, '-p', 'slipway', '-m', 'by hand'],
	);
	git('update-ref', 'refs/heads/slipway', commit);
	expect((await squash('journal')).stdout).toMatch(/! 1 of them by others, the last one:\n.*Ann: by hand\n/);
});

test('a store that is no branch, or no store: TARGET_UNKNOWN with those that are', async () => {
	writeFileSync(join(folder, 'slipway.yml'), toConfig('{directory: journal}'));
	for (const name of ['journal', 'npm']) {
		const { code, stderr } = await squash(name);
		expect(code).toBe(1);
		expect(stderr).toContain('TARGET_UNKNOWN');
		expect(stderr).toContain(`called ${name}, got apt`);
	}
});
