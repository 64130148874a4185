import type { FaultRule } from '@slipway/rehearsal/npm-registry';
import { spawnSlipway } from './spawn-slipway.ts';
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

/** Whether a request is the one that is meant; counts, so that it must see every request. */
export const toMatch = ({ method, target, nth }: RequestStep): FaultRule['match'] => {
	let seen = 0;
	return (request) => {
		if (!request.mutates || request.method !== method || !target.test(request.target)) return false;
		seen += 1;
		return seen === nth;
	};
};

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
	const isMeant = toMatch(request);
	const running = spawnSlipway(world, args);
	const match: FaultRule['match'] = (seen) => {
		if (!isMeant(seen)) return false;
		running.signal('SIGKILL');
		return true;
	};
	world.front.control.inject({ when, match, fault: { kind: 'reset' } });
	const { signal, said } = await running.ended;
	world.front.control.clearFaults();
	return { outcome: signal === 'SIGKILL' ? 'killed' : 'missed', said };
};
