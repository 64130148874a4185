import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { World } from './world.ts';

/** One changing request to the registry; `nth` counts from 1 among those of the same method and target. */
export interface RequestStep {
	readonly method: string;
	readonly target: RegExp;
	readonly nth: number;
}

/** `missed`: the step never came, the command ran to its end. */
export interface Killed {
	readonly outcome: 'killed' | 'missed';
	/** Its output, for people. */
	readonly said: string;
}

/**
 * Runs a command and kills it (SIGKILL, with its process group) when the registry gets a certain request: `before` the
 * registry acts on it, or `after` it has acted and before it says so.
 */
export const killAtRequest = async (
	world: World,
	{
		request,
		when,
		args,
	}: { readonly request: RequestStep; readonly when: 'before' | 'after'; readonly args: readonly string[] },
): Promise<Killed> => {
	const [program, ...rest] = world.toArgv(args);
	const child = spawn(program, rest, {
		cwd: world.cwd,
		env: world.environment as NodeJS.ProcessEnv,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const said: string[] = [];
	for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(String(data)));
	const closed = once(child, 'close');
	let seen = 0;
	world.front.control.inject({
		when,
		match: ({ method, target, mutates }) => {
			if (!mutates || method !== request.method || !request.target.test(target)) return false;
			seen += 1;
			if (seen !== request.nth) return false;
			process.kill(-(child.pid ?? 0), 'SIGKILL');
			return true;
		},
		fault: { kind: 'reset' },
	});
	const [, signal] = await closed;
	world.front.control.clearFaults();
	return { outcome: signal === 'SIGKILL' ? 'killed' : 'missed', said: said.join('') };
};
