import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { toCrashEnvironment } from '@slipway/testing';
import { toShown } from './crash.ts';
import { toMatch } from './kill-at-request.ts';
import { observe, type View } from './observe.ts';
import { runSlipway, toReport } from './operations.ts';
import type { Point, Reference } from './points.ts';
import type { RequestPoint } from './replies.ts';
import { checkVerified } from './signed.ts';
import { type Spawned, spawnSlipway } from './spawn-slipway.ts';
import type { World } from './world.ts';

type StorePoint = Extract<Point['step'], { kind: 'store' }>;

/** Runs the operation until the registry has acted on the request, and suspends it there. */
const suspendAtRequest = async (
	world: World,
	step: RequestPoint,
	args: readonly string[],
): Promise<Spawned> => {
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

/** Runs the operation until a file appears, and suspends it right there. */
const suspendAtFile = async (world: World, step: StorePoint, args: readonly string[]): Promise<Spawned> => {
	const environment = await toCrashEnvironment({ step, when: 'after' }, 'STOP', world);
	const zombie = spawnSlipway(world, args, environment);
	const ended = zombie.ended.then(({ said }) => said);
	while (!(await zombie.isSuspended())) {
		const said = await Promise.race([ended, sleep(10)]);
		assert(said === undefined, `the file never came:\n${said?.slice(-1500)}`);
	}
	return zombie;
};

const suspendAt = (world: World, step: Point['step'], args: readonly string[]): Promise<Spawned> =>
	step.kind === 'registry' ? suspendAtRequest(world, step, args) : suspendAtFile(world, step, args);

/**
 * F11: a run is suspended when the registry has acted on a request of it, or a file of its has just appeared; another run
 * of the same command takes over and ends; the first one wakes up, and changes nothing more. One that was suspended while
 * it signed had claimed nothing yet: it may claim then, and finds everything done.
 * @throws AssertionError
 */
export const tryZombie = async (world: World, step: Point['step'], reference: Reference): Promise<void> => {
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
		const withoutClaim = ({ fences, ...view }: View) => (operation.signs ? view : { ...view, fences });
		assert.deepEqual(withoutClaim(await observe(world)), withoutClaim(before), changed);
		assert(!world.front.log.slice(from).some(({ mutates }) => mutates), changed);
		if (operation.signs) await checkVerified(world);
	} finally {
		zombie.signal('SIGKILL');
	}
};
