import { setTimeout as delay } from 'node:timers/promises';
import { expectEqual, expectJobs, expectThat } from '../expectation.ts';
import { CONTINUED, RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { lookAsUser, readTags } from '../world/look.ts';
import { Maintainer, toTagPush } from '../world/maintainer.ts';
import { findStep, isAlive } from '../world/processes.ts';
import { silenceTag } from '../world/trouble.ts';
import type { World } from '../world/world.ts';

/** What GitHub's runner sends to the process of a step when its run is cancelled, and after how many milliseconds. */
const SIGNALS = [
	['SIGINT', 7_500],
	['SIGTERM', 2_500],
	['SIGKILL', 0],
] as const;

const cancelStep = async (world: World, action: string): Promise<number> => {
	const pid = findStep(world.services.folder, action);
	expectThat(`a process of ${action}`, pid !== undefined);
	const started = performance.now();
	for (const [signal, patience] of SIGNALS) {
		if (!isAlive(pid)) break;
		process.kill(pid, signal);
		for (const end = performance.now() + patience; isAlive(pid) && performance.now() < end; ) await delay(50);
	}
	return (performance.now() - started) / 1000;
};

/** A run is cancelled at the worst moment: while a pointer moves. */
export const cancel: Scenario = {
	name: 'cancel',
	title: 'a run is cancelled while pointers move; the next one finishes it',
	workflows: ['release', 'publish', 'continue'],
	play: async (world, tell) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		await ada.tag('1.0.0');
		const silent = silenceTag(world, 'latest');
		const running = world.run(toTagPush('1.0.0'));
		await Promise.race([silent, running]);
		const took = await cancelStep(world, 'expose');
		tell(`the step ended ${took.toFixed(1)} s after it was cancelled`);
		const cancelled = await running;
		expectJobs(cancelled, { ...RELEASED, expose: 'failure', consumer: 'skipped', notice: [] });

		expectJobs(await ada.dispatch('continue', '1.0.0'), CONTINUED);
		expectEqual('users get', await lookAsUser(world), { npm: '1.0.0', apt: '1.0.0-1', github: 'v1.0.0' });
		expectEqual('dist-tags', await readTags(world), { latest: '1.0.0' });
	},
};
