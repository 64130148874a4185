import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { World } from './world.ts';

/** A running command, the leader of its own process group, that signals can reach. */
export interface Spawned {
	/** Nothing happens where it has ended. */
	signal(name: NodeJS.Signals): void;
	/** It is suspended: every thread of its first process stands still. */
	isSuspended(): Promise<boolean>;
	readonly ended: Promise<{ readonly signal: NodeJS.Signals | null; readonly said: string }>;
}

/** The third field of proc_pid_stat(5), after the program's name in parentheses. */
const readProcessState = async (pid: number | undefined): Promise<string | undefined> => {
	const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	return /\) (\S)/.exec(text)?.[1];
};

/** `environment`: where it is not the world's own. */
export const spawnSlipway = (
	world: World,
	args: readonly string[],
	environment: World['environment'] = world.environment,
): Spawned => {
	const [program, ...rest] = world.toArgv(args);
	const child = spawn(program, rest, {
		cwd: world.cwd,
		env: environment as NodeJS.ProcessEnv,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const said: string[] = [];
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(String(data)));
	const ended = once(child, 'close').then(([, signal]) => ({ signal, said: said.join('') }));
	const signal = (name: NodeJS.Signals): void => {
		if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
			process.kill(-child.pid, name);
	};
	return { signal, isSuspended: async () => (await readProcessState(child.pid)) === 'T', ended };
};
