import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { NOBODY } from './git-store.fixture.ts';

const STORE = new URL('./git-store.ts', import.meta.url).href;

/**
 * Runs in a file system of its own of 600 kB at `disk`: writes one small file, then prepares, writes 2 MB, repairs, and
 * writes a small file again. Prints what came of it.
 */
const toScript = (folder: string, { remote, scratchFolder, prepare, repair, size }: Case): string => `
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { gitStore } from ${JSON.stringify(STORE)};
const at = (name) => ${JSON.stringify(folder)} + '/' + name;
const git = (...args) => execFileSync('git', ['-C', at('${remote}'), ...args], { encoding: 'utf8' }).trim();
mkdirSync(at('${scratchFolder}'), { recursive: true });
execFileSync('git', ['init', '--quiet', '--bare', '--template=', at('${remote}')]);
const store = gitStore({ remote: at('${remote}'), branch: 'b', environment: ${JSON.stringify(NOBODY)}, scratchFolder: at('${scratchFolder}') });
const put = (path, size) => store.write([{ kind: 'put', path, bytes: randomBytes(size) }]);
const outcomes = [await put('first', 100)];
const before = git('rev-parse', 'b');
const sh = (line) => line && execFileSync('/bin/sh', ['-c', line], { cwd: ${JSON.stringify(folder)} });
sh(${JSON.stringify(prepare ?? '')});
const failed = await put('large', ${size}).then(() => null, ({ code, hint, message }) => ({ code, hint, message }));
const after = git('rev-parse', 'b');
git('fsck', '--strict', '--connectivity-only');
sh(${JSON.stringify(repair ?? '')});
outcomes.push(await put('second', 100));
console.log(JSON.stringify({ outcomes, failed, unchanged: before === after, files: git('ls-tree', '-r', '--name-only', 'b').split('\\n'), commits: git('rev-list', '--count', 'b') }));
`;

interface Case {
	readonly name: string;
	readonly remote: string;
	readonly scratchFolder: string;
	readonly size: number;
	readonly prepare?: string;
	readonly repair?: string;
	readonly code: string;
	readonly hint: string;
}

const CASES: readonly Case[] = [
	{
		name: 'the temporary folder is full',
		remote: 'remote.git',
		scratchFolder: 'disk/scratch',
		size: 2_000_000,
		// What git had begun is its own; a file of somebody else goes.
		repair: 'rm -f disk/scratch/*/objects/pack/tmp_*',
		code: 'STORE_WRITE_FAILED',
		hint: 'Free some disk space',
	},
	{
		name: 'the disk of the remote repository is full',
		remote: 'disk/remote.git',
		scratchFolder: 'scratch',
		size: 2_000_000,
		code: 'STORE_WRITE_FAILED',
		hint: 'Free some disk space',
	},
	{
		name: 'the remote repository is read-only',
		remote: 'disk/remote.git',
		scratchFolder: 'scratch',
		size: 100,
		prepare: 'mount -o remount,ro disk',
		repair: 'mount -o remount,rw disk',
		code: 'STORE_READ_ONLY',
		hint: 'right to write',
	},
	{
		name: 'the temporary folder is read-only',
		remote: 'remote.git',
		scratchFolder: 'disk/scratch',
		size: 100,
		prepare: 'mount -o remount,ro disk',
		repair: 'mount -o remount,rw disk',
		code: 'STORE_READ_ONLY',
		hint: 'right to write',
	},
];

const runInCage = (folder: string, script: string): Promise<string> => {
	const mount = 'mount -t tmpfs -o size=600k none "$1" && shift && exec "$@"';
	const node = [process.execPath, '--no-warnings', '--input-type=module', '--eval', script];
	const argv = ['-rm', '/bin/sh', '-c', mount, 'sh', join(folder, 'disk'), ...node];
	return new Promise((resolve, reject) =>
		execFile('unshare', argv, (error, stdout, stderr) =>
			error ? reject(new Error(stderr, { cause: error })) : resolve(stdout),
		),
	);
};

describeWith('unshare', 'a branch where nothing can be written', () => {
	test.each(CASES)('$name: a code, the branch is as it was, and the next write works', async (given) => {
		const folder = await mkdtemp(join(tmpdir(), 'slipway-full-'));
		await mkdir(join(folder, 'disk'));
		const result = JSON.parse(await runInCage(folder, toScript(folder, given)));
		expect(result).toMatchObject({
			outcomes: [{ outcome: 'written' }, { outcome: 'written' }],
			failed: { code: given.code, hint: expect.stringContaining(given.hint) },
			unchanged: true,
			files: ['first', 'second'],
			commits: '2',
		});
		await rm(folder, { recursive: true, force: true });
	});
});
