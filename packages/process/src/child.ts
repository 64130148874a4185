import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { SlipwayError } from '@slipway/core';
import type { ProcessCode } from './error.ts';
import { Output } from './output.ts';
import { toSecretForms } from './redact.ts';
import { type LastSignal, watchGroup } from './watchdog.ts';

/** A program and its arguments; no shell ever reads it. */
export type Argv = readonly [string, ...string[]];

export interface ChildOptions {
	readonly cwd: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly input?: Uint8Array | string | undefined;
	readonly maxOutputBytes?: number | undefined;
	readonly redact?: readonly string[] | undefined;
	readonly onLine?: ((line: string) => void) | undefined;
	readonly stdoutFile?: string | undefined;
	readonly lastSignal?: LastSignal | undefined;
}

/** A running child: the leader of its own process group. */
export interface Child {
	readonly pid: number;
	readonly stdout: Output;
	readonly stderr: Output;
	/** Resolves when the leader has ended and its output is read; what is left of its group is ended then. */
	readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
	/** SIGTERM to the group, SIGKILL after `graceMs`; resolves when it has ended. */
	end(graceMs?: number): Promise<void>;
}

/** What others may still write to an inherited pipe after the leader's end is waited for that long. */
const DRAIN_MS = 1_000;
const GRACE_MS = 2_000;
const DEFAULT_OUTPUT_BYTES = 1024 * 1024;

const toStartError = (argv: Argv, options: ChildOptions, cause: NodeJS.ErrnoException): SlipwayError => {
	const [program] = argv;
	const missing = cause.code === 'ENOENT' || cause.code === 'EACCES';
	if (missing && !existsSync(options.cwd)) {
		return new SlipwayError<ProcessCode>(
			'PROCESS_START_FAILED',
			`cannot start ${JSON.stringify(program)}: its folder ${JSON.stringify(options.cwd)} does not exist`,
			{ hint: 'Create the folder or correct its name.', cause },
		);
	}
	return new SlipwayError<ProcessCode>(
		missing ? 'PROCESS_NOT_FOUND' : 'PROCESS_START_FAILED',
		missing
			? `expected the program ${JSON.stringify(program)} on the PATH, found none that can be executed`
			: `cannot start ${JSON.stringify(program)}: ${cause.code ?? cause.message}`,
		{ hint: missing ? `Install ${program}, or correct its name.` : 'Correct the command.', cause },
	);
};

const killGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
	if (child.pid === undefined) return;
	try {
		if (process.platform !== 'win32') process.kill(-child.pid, signal);
		else if (signal === 'SIGKILL')
			spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
		else child.kill(signal);
	} catch {
		// ESRCH: the group has ended already, which is what was asked for.
	}
};

const open = (argv: Argv, options: ChildOptions): ChildProcess => {
	const [program, ...args] = argv;
	const stdout = options.stdoutFile === undefined ? 'pipe' : openSync(options.stdoutFile, 'w');
	try {
		return spawn(program, args, {
			cwd: options.cwd,
			env: options.environment as NodeJS.ProcessEnv,
			stdio: [options.input === undefined ? 'ignore' : 'pipe', stdout, 'pipe'],
			detached: process.platform !== 'win32',
			windowsHide: true,
			shell: false,
		});
	} catch (cause) {
		throw toStartError(argv, options, cause as NodeJS.ErrnoException);
	} finally {
		if (typeof stdout === 'number') closeSync(stdout);
	}
};

const toEnded = (
	child: ChildProcess,
	lastSignal: LastSignal | undefined,
	release: () => void,
): Child['ended'] =>
	new Promise((resolve) => {
		child.once('exit', () => {
			killGroup(child, lastSignal ?? 'SIGKILL');
			release();
			// A process that left the group may hold the pipes open for ever: do not wait for it.
			const drained = setTimeout(() => {
				child.stdout?.destroy();
				child.stderr?.destroy();
			}, DRAIN_MS);
			child.once('close', () => clearTimeout(drained));
		});
		child.once('close', (code, signal) => resolve({ code, signal }));
	});

const toEnd =
	(child: ChildProcess, ended: Child['ended']): Child['end'] =>
	async (graceMs = GRACE_MS) => {
		killGroup(child, 'SIGTERM');
		const kill = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
		try {
			await ended;
		} finally {
			clearTimeout(kill);
		}
	};

/**
 * Starts a program without a shell, as the leader of its own process group, watched so that it ends with us.
 * @throws SlipwayError PROCESS_NOT_FOUND, PROCESS_START_FAILED
 */
export const startChild = async (argv: Argv, options: ChildOptions): Promise<Child> => {
	const child = open(argv, options);
	const { pid } = child;
	if (pid === undefined) {
		const cause = await new Promise<NodeJS.ErrnoException>((resolve) => child.once('error', resolve));
		throw toStartError(argv, options, cause);
	}
	child.on('error', () => {}); // a failed kill; the end of the child tells what matters
	const output = {
		maxBytes: options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES,
		secretForms: toSecretForms(options.redact ?? []),
		onLine: options.onLine,
	};
	const stdout = new Output(output);
	const stderr = new Output(output);
	child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
	child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
	child.stdin?.on('error', () => {}); // EPIPE: the child did not want all of its input
	const ended = toEnded(child, options.lastSignal, watchGroup(pid, options.lastSignal));
	child.stdin?.end(options.input);
	return { pid, stdout, stderr, ended, end: toEnd(child, ended) };
};
