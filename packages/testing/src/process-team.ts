import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { COMPILE_CACHE } from './compile-cache.ts';

/** One process of a team: a program that says `ready`, waits for the start, then prints a line a result. */
export interface Member {
	/** Lines printed since the start. */
	readonly lines: readonly string[];
	/** SIGKILL, as a crash would. Resolves when the process is gone. */
	kill(): Promise<void>;
	/** Resolves with all lines when the process has ended by itself; rejects when it failed or was killed. */
	finished(): Promise<readonly string[]>;
}

interface Running extends Member {
	readonly child: ChildProcess;
	readonly ready: Promise<void>;
}

const startMember = (argv: readonly string[]): Running => {
	const child = spawn(process.execPath, argv, {
		stdio: ['pipe', 'pipe', 'pipe'],
		env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env },
	});
	const ended = once(child, 'close');
	const lines: string[] = [];
	const errors: string[] = [];
	child.stderr.on('data', (data) => errors.push(String(data)));
	const fail = () =>
		new Error(`the process ended with ${child.exitCode ?? child.signalCode}: ${errors.join('')}`);
	const ready = new Promise<void>((resolve, reject) => {
		createInterface({ input: child.stdout }).on('line', (line) => {
			if (line === 'ready') resolve();
			else lines.push(line);
		});
		ended.then(() => reject(fail()), reject);
	});
	return {
		child,
		ready,
		lines,
		kill: async () => {
			child.kill('SIGKILL');
			await ended;
		},
		finished: async () => {
			await ended;
			if (child.exitCode !== 0) throw fail();
			return lines;
		},
	};
};

/**
 * Starts a node process for each list of its arguments, waits until all are ready, lets all go at the same moment and runs
 * `task`; what still runs afterwards is killed.
 */
export const withTeam = async <T>(
	argvs: readonly (readonly string[])[],
	task: (team: readonly Member[]) => Promise<T>,
): Promise<T> => {
	const team = argvs.map((argv) => startMember(argv));
	try {
		await Promise.all(team.map(({ ready }) => ready));
		for (const { child } of team) child.stdin?.end('go\n');
		return await task(team);
	} finally {
		await Promise.all(team.map((member) => member.kill()));
	}
};
