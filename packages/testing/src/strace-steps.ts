import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { type Argv, type Finished, run } from '@slipway/process';

/** The system calls that change what a folder shows, under one name each for all their variants. */
const CALLS = {
	mkdir: ['mkdir', 'mkdirat'],
	link: ['link', 'linkat'],
	rename: ['rename', 'renameat', 'renameat2'],
	unlink: ['unlink', 'unlinkat', 'rmdir'],
	symlink: ['symlink', 'symlinkat'],
	truncate: ['truncate'],
	open: ['open', 'openat', 'creat'],
} as const;

export type DurableCall = keyof typeof CALLS;

/**
 * One change of a watched folder by a process: after it the folder shows something else, and goes on to show it when
 * the process dies. `path` is relative to the folder, with `*` for what differs from run to run (random names, digests,
 * times); `nth` counts from 1 among the steps of the same call and path.
 */
export interface DurableStep {
	readonly call: DurableCall;
	readonly folder: string;
	readonly path: string;
	readonly nth: number;
}

export interface TraceOptions {
	readonly cwd: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Watched folders by name: absolute, without symbolic links. */
	readonly folders: Readonly<Record<string, string>>;
	readonly timeoutMs?: number;
}

/** Steps inside a store's private folder show nothing to anybody: unfinished files and the lock. */
const PRIVATE = /^\.slipway-store\/./;

/**
 * Runs a program to its end under strace and lists its durable steps in order, its children's included.
 * strace looks from outside: what it does not list did not happen. Relative paths are taken from `cwd`; a program that
 * changes its folder and then names relative paths is not followed.
 */
export const traceDurableSteps = async (
	argv: Argv,
	options: TraceOptions,
): Promise<{ readonly steps: readonly DurableStep[]; readonly finished: Finished }> => {
	const folder = await mkdtemp(join(tmpdir(), 'slipway-strace-'));
	try {
		const log = join(folder, 'log');
		const calls = Object.values(CALLS)
			.flat()
			.map((name) => `?${name}`);
		const strace: Argv = [
			'strace',
			'-f',
			'--seccomp-bpf',
			'-qq',
			'-y',
			'-s',
			'4096',
			'-o',
			log,
			'-e',
			`trace=${calls}`,
			'--',
		];
		const finished = await run([...strace, ...argv], options);
		return { steps: toSteps(await readFile(log, 'utf8'), options), finished };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

/** The durable steps in a log of `strace -f -y`. */
export const toSteps = (log: string, { cwd, folders }: TraceOptions): readonly DurableStep[] => {
	const counts = new Map<string, number>();
	return toCallLines(log)
		.flatMap((line) => toPlace(line, cwd))
		.flatMap(({ call, place }) => toInside(folders, place).map((inside) => ({ call, ...inside })))
		.filter(({ path }) => !PRIVATE.test(path))
		.map((step) => {
			const key = `${step.call} ${step.folder} ${step.path}`;
			const nth = (counts.get(key) ?? 0) + 1;
			counts.set(key, nth);
			return { ...step, nth };
		});
};

/** Whole calls in order of their end; strace cuts one in two when another thread comes between. */
const toCallLines = (log: string): readonly string[] => {
	const begun = new Map<string, string>();
	return log.split('\n').flatMap((line) => {
		const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
		const [, start] = /^(.*) <unfinished \.\.\.>$/.exec(rest) ?? [];
		if (start !== undefined) begun.set(thread, start);
		const [, end] = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest) ?? [];
		if (start !== undefined) return [];
		return [end === undefined ? rest : `${begun.get(thread) ?? ''}${end}`];
	});
};

/** What a successful call changed; the last path where it has two. */
const toPlace = (line: string, cwd: string): readonly { call: DurableCall; place: string }[] => {
	const [, name = '', text = ''] = /^(\w+)\((.*)\) += \d/.exec(line) ?? [];
	const call = (Object.keys(CALLS) as DurableCall[]).find((key) => CALLS[key].some((one) => one === name));
	if (!call || (call === 'open' && name !== 'creat' && !/O_CREAT|O_TRUNC/.test(text))) return [];
	const paths = [...text.matchAll(/(?:<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g)];
	const [, folder = cwd, path] = paths.at(-1) ?? [];
	return path === undefined ? [] : [{ call, place: resolve(folder, toUnescaped(path)) }];
};

/** strace escapes bytes as C does: \n, \t, \", \\ and octal. */
const toUnescaped = (text: string): string => {
	const bytes = text.replace(/\\([0-7]{1,3}|.)/g, (_, code: string) =>
		/[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
	);
	return Buffer.from(bytes, 'latin1').toString('utf8');
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' };

const toInside = (
	folders: TraceOptions['folders'],
	place: string,
): readonly { folder: string; path: string }[] =>
	Object.entries(folders).flatMap(([folder, root]) => {
		const path = relative(root, place);
		return path.startsWith('..') || isAbsolute(path) ? [] : [{ folder, path: toPattern(path) }];
	});

/** Glob characters escaped, long numbers and digests made `*`. */
const toPattern = (path: string): string =>
	path
		.replace(/[[\]?*\\]/g, '\\$&')
		.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|\d{8,}/g, '*');
