import { SlipwayError } from '@slipway/core';
import { type Argv, type Child, startChild } from './child.ts';
import type { ProcessCode } from './error.ts';

/** What a finished child process left behind. A null `code` (killed) is a failure. */
export interface Finished {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface RunOptions {
	readonly cwd: string;
	/** The whole environment of the child: nothing is inherited silently. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly input?: Uint8Array | string;
	/** Default 10 min; then the child's whole process group is ended. */
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
	/** Kept of each stream, the end wins. Default 1 MiB. */
	readonly maxOutputBytes?: number;
	/** Secrets to blank out of stdout and stderr. */
	readonly redact?: readonly string[];
	readonly onLine?: (line: string) => void;
	/** A file that takes the bytes of stdout as they are; `Finished.stdout` is empty then, and nothing is redacted. */
	readonly stdoutFile?: string;
	/**
	 * What members of its group get that outlive it, or us. Default SIGKILL; SIGTERM for programs that have to tidy up
	 * (git removes its lock files).
	 */
	readonly lastSignal?: 'SIGKILL' | 'SIGTERM';
}

const DEFAULT_TIMEOUT_MS = 10 * 60 * 1000;

type Verdict = 'ended' | 'timeout' | 'aborted';

const toAbortError = (argv: Argv, signal: AbortSignal): SlipwayError =>
	new SlipwayError<ProcessCode>('PROCESS_ABORTED', `${argv[0]} was cancelled`, {
		hint: 'Run the same command again; what is done is not done twice.',
		cause: signal.reason,
	});

const toTail = (child: Child): string => {
	const text = (child.stderr.toText() || child.stdout.toText()).trimEnd().slice(-400);
	return text === '' ? '' : `; its last output: ${text}`;
};

/** Whichever comes first; nothing is left behind in the event loop. */
const waitFor = (child: Child, { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: RunOptions): Promise<Verdict> => {
	const { promise, resolve } = Promise.withResolvers<Verdict>();
	const timer = setTimeout(() => resolve('timeout'), timeoutMs);
	const abort = () => resolve('aborted');
	signal?.addEventListener('abort', abort, { once: true });
	if (signal?.aborted) abort();
	child.ended.then(() => resolve('ended'));
	return promise.finally(() => {
		clearTimeout(timer);
		signal?.removeEventListener('abort', abort);
	});
};

/**
 * Runs a program to its end, without a shell and in a process group of its own. A non-zero exit is no error.
 * On timeout or abort the whole group gets SIGTERM, then SIGKILL, and has ended when this throws.
 * @throws SlipwayError PROCESS_NOT_FOUND, PROCESS_START_FAILED, PROCESS_TIMEOUT, PROCESS_ABORTED
 */
export const run = async (argv: Argv, options: RunOptions): Promise<Finished> => {
	if (options.signal?.aborted) throw toAbortError(argv, options.signal);
	const child = await startChild(argv, options);
	const verdict = await waitFor(child, options);
	if (verdict !== 'ended') await child.end();
	if (verdict === 'aborted' && options.signal) throw toAbortError(argv, options.signal);
	if (verdict === 'timeout') {
		const seconds = (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 1000;
		throw new SlipwayError<ProcessCode>(
			'PROCESS_TIMEOUT',
			`expected ${argv[0]} to end within ${seconds} s, ended it${toTail(child)}`,
			{ hint: 'Look at its output for what it waits for.' },
		);
	}
	const { code, signal } = await child.ended;
	return { code, signal, stdout: child.stdout.finish(), stderr: child.stderr.finish() };
};
