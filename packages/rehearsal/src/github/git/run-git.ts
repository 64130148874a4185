import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Argv, type Finished, run } from '@slipway/process';

/** A git that obeys no configuration but its repository's, without hooks. */
export interface Git {
	readonly folder: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
}

const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * What git is given: nothing of the user's. `safe.directory`: the folder may be another user's, in a container. Nothing is
 * synced to the disk: all of it goes with the server.
 */
export const toGitEnvironment = (path: string | undefined): Git['environment'] => ({
	PATH: path,
	HOME: tmpdir(),
	LC_ALL: 'C.UTF-8',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_TERMINAL_PROMPT: '0',
	GIT_CONFIG_COUNT: '3',
	GIT_CONFIG_KEY_0: 'safe.directory',
	GIT_CONFIG_VALUE_0: '*',
	GIT_CONFIG_KEY_1: 'core.hooksPath',
	GIT_CONFIG_VALUE_1: '/dev/null',
	GIT_CONFIG_KEY_2: 'core.fsync',
	GIT_CONFIG_VALUE_2: 'none',
});

export const runGit = (
	{ folder, environment }: Git,
	args: readonly string[],
	input?: string | Uint8Array,
): Promise<Finished> => {
	const argv: Argv = ['git', ...args];
	const options = { cwd: folder, environment, timeoutMs: 60_000, maxOutputBytes: MAX_OUTPUT };
	return run(argv, input === undefined ? options : { ...options, input });
};

/** Standard output; undefined where git says no. */
export const askGit = async (
	git: Git,
	args: readonly string[],
	input?: string | Uint8Array,
): Promise<string | undefined> => {
	const { code, stdout } = await runGit(git, args, input);
	return code === 0 ? stdout : undefined;
};

/** @throws Error with what git said: the server is wrong, or its folder */
export const demandGit = async (
	git: Git,
	args: readonly string[],
	input?: string | Uint8Array,
): Promise<string> => {
	const { code, stdout, stderr } = await runGit(git, args, input);
	if (code === 0) return stdout;
	throw new Error(`git ${args[0]}: ${stderr.trim().slice(-400)}`);
};

/** Standard output as the bytes it is. */
export const readGit = async (
	{ folder, environment }: Git,
	argv: Argv,
	input?: Uint8Array,
): Promise<{ readonly code: number | null; readonly bytes: Buffer; readonly stderr: string }> => {
	const place = await mkdtemp(join(tmpdir(), 'github-git-'));
	try {
		const stdoutFile = join(place, 'out');
		const options = { cwd: folder, environment, timeoutMs: 120_000, stdoutFile };
		const { code, stderr } = await run(argv, input === undefined ? options : { ...options, input });
		return { code, bytes: await readFile(stdoutFile), stderr };
	} finally {
		await rm(place, { recursive: true, force: true });
	}
};
