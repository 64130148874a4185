import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { World } from './world.ts';

/** A running command, the leader of its own process group, that signals can reach. */
export interface Spawned {
	/** Nothing happens where it has ended. */
	signal(name: NodeJS.Signals): void;
	readonly ended: Promise<{ readonly signal: NodeJS.Signals | null; readonly said: string }>;
}

export const spawnSlipway = (world: World, args: readonly string[]): Spawned => {
	const [program, ...rest] = world.toArgv(args);
	const child = spawn(program, rest, {
		cwd: world.cwd,
		env: world.environment as NodeJS.ProcessEnv,
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
	return { signal, ended };
};
