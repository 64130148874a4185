import assert from 'node:assert/strict';
import { toShown } from './crash.ts';
import { toMatch } from './kill-at-request.ts';
import { observe } from './observe.ts';
import { runSlipway, toReport } from './operations.ts';
import type { Reference } from './points.ts';
import type { RequestPoint } from './replies.ts';
import { type Spawned, spawnSlipway } from './spawn-slipway.ts';
import type { World } from './world.ts';

/** Runs the operation until the registry has acted on the request, and suspends it there. */
const suspendAt = async (world: World, step: RequestPoint, args: readonly string[]): Promise<Spawned> => {
	const zombie = spawnSlipway(world, args);
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	const task = () => {
		zombie.signal('SIGSTOP');
		resolve();
	};
	world.front.control.inject({ when: 'after', match: toMatch(step), fault: { kind: 'run', task } });
	void zombie.ended.then(({ said }) => reject(new Error(`the request never came:\n${said.slice(-1500)}`)));
	await promise.finally(() => world.front.control.clearFaults());
	return zombie;
};

/**
 * F11: a run is suspended when the registry has acted on a request of it; another run of the same command takes over and
 * ends; the first one wakes up, gets its reply, and changes nothing more.
 * @throws AssertionError
 */
export const tryZombie = async (world: World, step: RequestPoint, reference: Reference): Promise<void> => {
	const { operation } = reference;
	await world.load(operation.from);
	const zombie = await suspendAt(world, step, operation.args);
	try {
		assert.equal(toReport(await runSlipway(world, operation.args)).state, operation.end);
		const [before, from] = [await observe(world), world.front.log.length];
		assert.deepEqual(toShown(before), toShown(reference.end));
		zombie.signal('SIGCONT');
		const { said } = await zombie.ended;
		const changed = `the run that woke up changed something:\n${said.slice(-1500)}`;
		assert.deepEqual(await observe(world), before, changed);
		assert(!world.front.log.slice(from).some(({ mutates }) => mutates), changed);
	} finally {
		zombie.signal('SIGKILL');
	}
};
