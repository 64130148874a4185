import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Argv, type Finished, run } from '@slipway/process';
import type { DurableStep, TraceOptions } from './strace-steps.ts';

const SOURCE = fileURLToPath(new URL('./process-crash.c', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../.cache/process-crash', import.meta.url));

/** The library that kills a process at one system call, compiled once for each version of its source. */
const compileLibrary = async (): Promise<string> => {
	const digest = createHash('sha256')
		.update(await readFile(SOURCE))
		.digest('hex');
	const library = join(CACHE, `${digest.slice(0, 16)}-${process.arch}.so`);
	if (existsSync(library)) return library;
	await mkdir(CACHE, { recursive: true });
	const fresh = `${library}.${randomUUID()}`;
	const cc = await run(['cc', '-shared', '-fPIC', '-O1', '-o', fresh, SOURCE, '-ldl'], {
		cwd: CACHE,
		environment: process.env,
	});
	if (cc.code !== 0) throw new Error(`cc failed: ${cc.stderr}`);
	await rename(fresh, library);
	return library;
};

/** Glob characters of a real path, for fnmatch(3). */
const toLiteral = (path: string): string => path.replace(/[[\]?*\\]/g, '\\$&');

/** A step, and the side of it on which something happens to the process. */
export interface Moment {
	readonly step: DurableStep;
	readonly when: 'before' | 'after';
}

/**
 * The environment in which a program, without its knowledge, gets a signal exactly `before` the system call of a step
 * happens or exactly `after` it did. STOP suspends it once; SIGCONT lets it go on.
 */
export const toCrashEnvironment = async (
	{ step, when }: Moment,
	signal: 'KILL' | 'STOP',
	{ environment, folders }: Pick<TraceOptions, 'environment' | 'folders'>,
): Promise<TraceOptions['environment']> => {
	const folder = folders[step.folder];
	if (folder === undefined) throw new Error(`expected a folder for ${step.folder}`);
	return {
		...environment,
		LD_PRELOAD: await compileLibrary(),
		CRASH_CALL: step.call,
		CRASH_PATH: step.path === '' ? toLiteral(folder) : `${toLiteral(folder)}/${step.path}`,
		CRASH_NTH: String(step.nth),
		CRASH_WHEN: when,
		CRASH_SIGNAL: signal,
	};
};

/** Runs a program and kills it (SIGKILL) at a step. `missed`: the step never came, the program ran to its end. */
export const killAt = async (
	step: DurableStep,
	when: Moment['when'],
	argv: Argv,
	options: TraceOptions,
): Promise<{ readonly outcome: 'killed' | 'missed'; readonly finished: Finished }> => {
	const environment = await toCrashEnvironment({ step, when }, 'KILL', options);
	const finished = await run(argv, { ...options, environment });
	return { outcome: finished.signal === 'SIGKILL' ? 'killed' : 'missed', finished };
};
