import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTool, toWriterArguments, withTeam } from '@slipway/testing';
import { git, makeRemote, NOBODY } from './git-store.fixture.ts';

const MODULE = new URL('./git-store.fixture.ts', import.meta.url).href;

let folder: string;
let remote: string;

beforeAll(async () => {
	({ folder, remote } = await makeRemote());
	await mkdir(join(folder, 'bin'));
	await writeFile(join(folder, 'bin', 'git'), GIT, { mode: 0o755 });
	await publish('1');
	await cp(remote, join(folder, 'first.git'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

/**
 * Git that writes down how it is called, and that kills the process which called it for the $CALL-th time: before it does
 * anything, while it works, or when it is done.
 */
const GIT = `#!/bin/sh
here=$(dirname "$0")
echo "$1" >> "$here/calls"
[ "$(wc -l < "$here/calls")" = "$(cat "$here/call" 2>/dev/null)" ] || exec '${findTool('git')}' "$@"
case "$(cat "$here/when")" in
before) kill -KILL $PPID ;;
during) '${findTool('git')}' "$@" & kill -KILL $PPID; wait ;;
after) '${findTool('git')}' "$@"; kill -KILL $PPID ;;
esac
`;

const toArguments = (round: string): readonly string[] => {
	const environment = { ...NOBODY, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
	const options = { remote, branch: 'slipway', environment, scratchFolder: folder };
	const subject = { module: MODULE, opener: 'openFromJson', argument: JSON.stringify(options) };
	return toWriterArguments(subject, ['publish', round]);
};

const publish = (round: string): Promise<readonly string[]> =>
	withTeam([toArguments(round)], async ([member]) => (await member?.finished()) ?? []);

/** A fresh copy of the repository after round 1; the git to kill at, if any. */
const prepare = async (call: string, when: string): Promise<void> => {
	await rm(remote, { recursive: true, force: true, maxRetries: 3 });
	await cp(join(folder, 'first.git'), remote, { recursive: true });
	await rm(join(folder, 'bin', 'calls'), { force: true });
	await writeFile(join(folder, 'bin', 'call'), call);
	await writeFile(join(folder, 'bin', 'when'), when);
};

const readCalls = async (): Promise<readonly string[]> =>
	(await readFile(join(folder, 'bin', 'calls'), 'utf8')).trim().split('\n');

/** Every file of the branch with its first line. */
const readAll = async (): Promise<Readonly<Record<string, string>>> => {
	// Of one commit: the remote's end of a push that was killed may still be at work.
	const tip = await git(remote, 'rev-parse', 'slipway');
	const paths = (await git(remote, 'ls-tree', '-r', '--name-only', tip)).split('\n');
	const texts = await Promise.all(paths.map((path) => git(remote, 'show', `${tip}:${path}`)));
	return Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? '']));
};

const [ONE, TWO] = ['round 1', 'round 2'];
const FIRST = { head: ONE, index: ONE, 'pool/1/a': ONE, 'pool/1/b': ONE };
const SECOND = { head: TWO, index: TWO, 'pool/1/b': ONE, 'pool/2/a': TWO, 'pool/2/b': TWO };

/** All of the write is there, or nothing of it; and the next one reaches the same end. */
const checkAndFinish = async (): Promise<'old' | 'new'> => {
	const files = await readAll();
	expect([FIRST, SECOND]).toContainEqual(files);
	await writeFile(join(folder, 'bin', 'call'), '0');
	expect(await publish('2')).toEqual(['written']);
	expect(await readAll()).toEqual(SECOND);
	await git(remote, 'fsck', '--strict', '--connectivity-only');
	return files.head === TWO ? 'new' : 'old';
};

test('the writer is killed before, while and after each git runs: the old branch or the new one, and the next write works', async () => {
	await prepare('0', 'before');
	await publish('2');
	const calls = await readCalls();
	expect(calls.slice(-2)).toEqual(['fast-import', 'push']);
	const outcomes: string[] = [];
	for (const [index, call] of calls.entries()) {
		if (call === 'init' || index < calls.length - 3) continue;
		for (const when of ['before', 'during', 'after']) {
			await prepare(String(index + 1), when);
			await expect(publish('2')).rejects.toThrow('SIGKILL');
			outcomes.push(`${call} ${when}: ${await checkAndFinish()}`);
		}
	}
	expect(outcomes).toContain('push before: old');
	expect(outcomes).toContain('push after: new');
	expect(outcomes).toHaveLength(9);
}, 900_000);

test('the writer is killed at any moment', async () => {
	for (let round = 0; round < 4; round += 1) {
		await prepare('0', 'before');
		await withTeam([toArguments('2')], async ([member]) => {
			await sleep(Math.random() * 250);
			await member?.kill();
		});
		await checkAndFinish();
	}
}, 900_000);

/** Stays where the branch is locked and about to move. */
const HOLD = '#!/bin/sh\n[ "$1" = prepared ] || exit 0\ntouch here\nsleep 30\n';

test('a git that loses its parent takes its locks at the remote away', async () => {
	await prepare('0', 'before');
	const hook = join(remote, 'hooks', 'reference-transaction');
	await writeFile(hook, HOLD, { mode: 0o755 });
	await withTeam([toArguments('2')], async ([member]) => {
		while (!(await isThere(join(remote, 'here')))) await sleep(20);
		expect(await findLocks()).toHaveLength(1);
		await member?.kill();
	});
	await rm(hook);
	expect(await checkAndFinish()).toBe('old');
	expect(await findLocks()).toEqual([]);
});

const findLocks = async (): Promise<readonly string[]> => {
	const left = await new Promise<string>((resolve) =>
		execFile('find', [remote, '-name', '*.lock'], (_error, stdout) => resolve(stdout)),
	);
	return left.split('\n').filter((line) => line !== '');
};

const isThere = (path: string): Promise<boolean> =>
	readFile(path).then(
		() => true,
		() => false,
	);
