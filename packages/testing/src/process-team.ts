import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

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

const startMember = (program: string, argv: readonly string[]): Running => {
	const child = spawn(process.execPath, ['--no-warnings', program, ...argv], {
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	const ended = once(child, 'close');
	const lines: string[] = [];
	const errors: string[] = [];
	child.stderr.on('data', (data) => errors.push(String(data)));
	const fail = () =>
		new Error(`${program} ended with ${child.exitCode ?? child.signalCode}: ${errors.join('')}`);
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
 * Starts one process for each list of arguments, waits until all are ready, lets all go at the same moment and runs
 * `task`; what still runs afterwards is killed. `program`: a TypeScript file for this Node.
 */
export const withTeam = async <T>(
	program: string,
	argvs: readonly (readonly string[])[],
	task: (team: readonly Member[]) => Promise<T>,
): Promise<T> => {
	const team = argvs.map((argv) => startMember(program, argv));
	try {
		await Promise.all(team.map(({ ready }) => ready));
		for (const { child } of team) child.stdin?.end('go\n');
		return await task(team);
	} finally {
		await Promise.all(team.map((member) => member.kill()));
	}
};
