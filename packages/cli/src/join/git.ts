import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExecutable, run, toGitEnvironment } from '@slipway/process';

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a clone without changing it, and without running anything that its configuration names. */
export interface Git {
	/** What a command prints, without blanks at its ends; undefined where it fails or prints nothing. */
	ask(...args: string[]): Promise<string | undefined>;
	/** The bytes of a file as a revision has it, unfiltered; undefined where there is none. */
	read(revision: string, path: string): Promise<Uint8Array | undefined>;
}

const TIMEOUT_MS = 60_000;

/** Runs a task with a folder of its own. */
export const withFolder = async <T>(task: (folder: string) => Promise<T>): Promise<T> => {
	const folder = await mkdtemp(join(tmpdir(), 'slipway-git-'));
	try {
		return await task(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

/** Git in a folder; undefined where git is not installed. `remote`: an address that it knows as the remote `slipway`. */
export const openGit = (folder: string, environment: Environment, remote?: string): Git | undefined => {
	const git = findExecutable('git', environment.PATH ?? environment.Path);
	if (!git) return undefined;
	const child = toGitEnvironment(environment, remote === undefined ? {} : { remote });
	const start = (args: readonly string[], stdoutFile?: string) =>
		run([git, '-C', folder, ...args], {
			cwd: folder,
			environment: child.environment,
			redact: child.secrets,
			timeoutMs: TIMEOUT_MS,
			...(stdoutFile !== undefined && { stdoutFile }),
		});
	return {
		ask: async (...args) => {
			const { code, stdout } = await start(args);
			return (code === 0 && stdout.trim()) || undefined;
		},
		read: (revision, path) =>
			withFolder(async (place) => {
				const file = join(place, 'blob');
				const { code } = await start(['cat-file', 'blob', `${revision}:${path}`], file);
				return code === 0 ? await readFile(file) : undefined;
			}),
	};
};
