import { SlipwayError } from '@slipway/core';
import { type Argv, type Child, startChild } from './child.ts';
import type { ProcessCode } from './error.ts';
import type { Finished } from './run.ts';

export interface ServiceOptions<Ready> {
	readonly cwd: string;
	/** The whole environment of the child: nothing is inherited silently. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Called with each line of output; the first value that is not undefined says that the service is up. */
	readonly ready: (line: string) => Ready | undefined;
	/** Default 30 s. */
	readonly readyTimeoutMs?: number;
	readonly onLine?: (line: string) => void;
	readonly redact?: readonly string[];
	/** Ends the service, also before it is ready. */
	readonly signal?: AbortSignal;
}

/** A child that keeps running until `stop`, until its signal is aborted, or until this process ends. */
export interface Service<Ready> {
	readonly pid: number;
	/** What `ready` returned, for example the port. */
	readonly value: Ready;
	readonly ended: Promise<Finished>;
	/** SIGTERM to its process group, SIGKILL after 2 s. Resolves when it has ended. */
	stop(): Promise<void>;
}

const notReady = (argv: Argv, reason: string, child: Child): SlipwayError =>
	new SlipwayError<ProcessCode>(
		'PROCESS_NOT_READY',
		`expected ${argv[0]} to become ready, but ${reason}: ${(child.stdout.toText() + child.stderr.toText()).trim().slice(-800)}`,
		{ hint: 'Look at its output for the cause.' },
	);

const toAborted = (argv: Argv, signal: AbortSignal): SlipwayError =>
	new SlipwayError<ProcessCode>('PROCESS_ABORTED', `${argv[0]} was cancelled`, {
		hint: 'Run the same command again.',
		cause: signal.reason,
	});

/** Calls `onAbort` once the signal is aborted, at once where it is already; until `ended`. */
const watchSignal = (signal: AbortSignal, ended: Promise<unknown>, onAbort: () => void): void => {
	signal.addEventListener('abort', onAbort, { once: true });
	if (signal.aborted) onAbort();
	void ended.then(() => signal.removeEventListener('abort', onAbort));
};

/**
 * Starts a program that keeps running and waits until it says that it is ready.
 * @throws SlipwayError PROCESS_NOT_FOUND, PROCESS_START_FAILED, PROCESS_NOT_READY, PROCESS_ABORTED
 */
export const spawnService = async <Ready>(
	argv: Argv,
	options: ServiceOptions<Ready>,
): Promise<Service<Ready>> => {
	const { ready, readyTimeoutMs = 30_000, signal, onLine, ...rest } = options;
	if (signal?.aborted) throw toAborted(argv, signal);
	const { promise, resolve, reject } = Promise.withResolvers<Ready>();
	const look = (line: string) => {
		onLine?.(line);
		const value = ready(line);
		if (value !== undefined) resolve(value);
	};
	const child = await startChild(argv, { ...rest, onLine: look, maxOutputBytes: 64 * 1024 });
	const ended = child.ended.then(({ code, signal: by }) => {
		reject(notReady(argv, `it ended with ${by ?? `exit code ${code}`}`, child));
		return { code, signal: by, stdout: child.stdout.finish(), stderr: child.stderr.finish() };
	});
	const late = () => reject(notReady(argv, `did not say so within ${readyTimeoutMs / 1000} s`, child));
	const timer = setTimeout(late, readyTimeoutMs);
	if (signal) {
		watchSignal(signal, ended, () => {
			reject(toAborted(argv, signal));
			void child.end();
		});
	}
	try {
		return { pid: child.pid, value: await promise, ended, stop: () => child.end() };
	} catch (error) {
		await child.end();
		throw error;
	} finally {
		clearTimeout(timer);
	}
};
