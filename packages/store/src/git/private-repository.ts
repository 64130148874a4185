import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { findExecutable, type GitEnvironment, run, type Setting, toGitEnvironment } from '@slipway/process';
import { isAbsent, toStoreError } from '../store-error.ts';
import { toGitError } from './git-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SILENCE_MS = 60_000;

/** What is kept here is thrown away, so nothing is synced or tidied. A silent server is given up. */
const toSettings = (silenceMs: number): readonly Setting[] => [
	['core.fsync', 'none'],
	['core.compression', '1'],
	['core.bigFileThreshold', '1m'],
	['fastimport.unpackLimit', '1'],
	['fetch.unpackLimit', '100'],
	['fetch.writeCommitGraph', 'false'],
	['fetch.recurseSubmodules', 'false'],
	['gc.auto', '0'],
	['maintenance.auto', 'false'],
	['push.followTags', 'false'],
	['push.gpgSign', 'false'],
	['push.recurseSubmodules', 'no'],
	['http.lowSpeedLimit', '1'],
	['http.lowSpeedTime', String(Math.ceil(silenceMs / 1000))],
];

const TIMEOUT_MS = 15 * 60 * 1000;

/** Files of up to this size come with a fetch; larger ones when they are read (where the server can do that). */
const FETCHED_BLOB = '64k';

/**
 * Before the name of a git command: what is missing here is asked for. Only where files are fetched and read. A push that
 * may ask would, where others were first, fetch their commit with its whole history to tell that it has lost.
 */
export const PARTIAL: readonly string[] = [
	...['-c', 'remote.slipway.promisor=true'],
	...['-c', `remote.slipway.partialclonefilter=blob:limit=${FETCHED_BLOB}`],
];

/** No search for similarities in what is compressed already. */
const ATTRIBUTES = ['deb', 'gz', 'xz', 'zst', 'tgz'].map((end) => `*.${end} -delta\n`).join('');

/** What a git printed. */
export interface GitResult {
	readonly ok: boolean;
	readonly stdout: string;
	/** All it said, on both streams, redacted. */
	readonly output: string;
}

/** A bare repository of our own, in which nobody else works, with one remote, `slipway`. */
export interface PrivateRepository {
	git(args: readonly string[], input?: Uint8Array | string): Promise<GitResult>;
	/**
	 * The bytes of what git prints.
	 * @throws SlipwayError STORE_* where it fails
	 */
	gitBytes(args: readonly string[], input?: string): Promise<Buffer>;
	/** The commit that a ref names which was fetched into. */
	readRef(ref: string): Promise<string>;
	/** The commits whose parents were not fetched. */
	readShallow(): Promise<ReadonlySet<string>>;
	/** Its transport may by itself send a request a second time (http, where a connection ends). */
	readonly mayRepeat: boolean;
}

export interface PrivateRepositoryOptions {
	readonly remote: string;
	readonly environment: Environment;
	/** Where the repository is made, and left; default: a temporary folder that goes with this process. */
	readonly scratchFolder?: string | undefined;
	/** How long a server may be silent, in whole seconds. Default 60 s. */
	readonly silenceMs?: number | undefined;
	/** For people. */
	readonly store: string;
}

const makeFolder = async ({ environment, scratchFolder }: PrivateRepositoryOptions): Promise<string> => {
	const parent = scratchFolder ?? environment.RUNNER_TEMP ?? tmpdir();
	const folder = await mkdtemp(join(parent, 'slipway-git-')).catch((thrown) => {
		throw toStoreError('write', parent, thrown);
	});
	if (scratchFolder === undefined)
		process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 2 }));
	return folder;
};

interface Start {
	readonly args: readonly string[];
	readonly input?: Uint8Array | string | undefined;
	readonly stdoutFile?: string;
}

/** Git that works in a folder, which is a bare repository or becomes one. */
const toStarter = (folder: string, { environment, secrets }: GitEnvironment) => {
	const program = findExecutable('git', environment.PATH ?? environment.Path) ?? 'git';
	return async ({ args, input, stdoutFile }: Start): Promise<GitResult> => {
		const { code, stdout, stderr } = await run([program, ...args], {
			cwd: folder,
			environment: { ...environment, GIT_DIR: folder },
			redact: secrets,
			timeoutMs: TIMEOUT_MS,
			// Its locks in a remote folder go with it.
			lastSignal: 'SIGTERM',
			...(input !== undefined && { input }),
			...(stdoutFile !== undefined && { stdoutFile }),
		}).catch(toTimeout);
		return { ok: code === 0, stdout, output: `${stdout}\n${stderr}` };
	};
};

const toTimeout = (thrown: unknown) => {
	if (!(thrown instanceof SlipwayError) || thrown.code !== 'PROCESS_TIMEOUT') throw thrown;
	return { code: null, stdout: '', stderr: thrown.message };
};

/** What `git init --bare` would write, and `info/attributes`. */
const FILES = {
	HEAD: 'ref: refs/heads/slipway\n',
	config: '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n',
	'info/attributes': ATTRIBUTES,
};

const writeRepository = async (folder: string): Promise<void> => {
	try {
		for (const name of ['info', 'objects/info', 'objects/pack', 'refs/heads'])
			await mkdir(join(folder, name), { recursive: true });
		for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
	} catch (thrown) {
		throw toStoreError('write', folder, thrown);
	}
};

const readRef = async (folder: string, ref: string): Promise<string> => {
	const text = await readFile(join(folder, ref), 'latin1').catch((thrown) => {
		throw toStoreError('read', folder, thrown);
	});
	return text.trim();
};

const readShallow = async (folder: string): Promise<ReadonlySet<string>> => {
	const text = await readFile(join(folder, 'shallow'), 'utf8').catch((thrown) => {
		if (isAbsent(thrown)) return '';
		throw toStoreError('read', folder, thrown);
	});
	return new Set(text.split('\n'));
};

/**
 * Makes the repository; the remote is not asked anything yet.
 * @throws SlipwayError STORE_WRITE_FAILED, STORE_READ_ONLY
 */
export const openPrivateRepository = async (
	options: PrivateRepositoryOptions,
): Promise<PrivateRepository> => {
	const folder = await makeFolder(options);
	const settings = toSettings(options.silenceMs ?? SILENCE_MS);
	const environment = toGitEnvironment(options.environment, { remote: options.remote, settings });
	const start = toStarter(folder, environment);
	await writeRepository(folder);
	let files = 0;
	return {
		mayRepeat: /^https?:/i.test(options.remote),
		readShallow: () => readShallow(folder),
		readRef: (ref) => readRef(folder, ref),
		git: (args, input) => start({ args, input }),
		gitBytes: async (args, input) => {
			files += 1;
			const stdoutFile = join(folder, `output-${files}`);
			try {
				const result = await start({ args, input, stdoutFile });
				if (!result.ok) throw toGitError({ verb: 'read', store: options.store, output: result.output });
				return await readFile(stdoutFile);
			} finally {
				await rm(stdoutFile, { force: true });
			}
		},
	};
};
