import { expectEqual, expectJobs, type JobResults } from '../expectation.ts';
import { RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { lookAsUser, readTags } from '../world/look.ts';
import { Maintainer, toTagPush } from '../world/maintainer.ts';
import { breakNpm, repairNpm } from '../world/trouble.ts';
import type { World } from '../world/world.ts';

const GOOD = { npm: '1.0.0', apt: '1.0.0-1', github: 'v1.0.0' };
const BROKEN: JobResults = {
	...RELEASED,
	npm: 'failure',
	expose: 'skipped',
	consumer: 'skipped',
	notice: [],
};

/** What a run that is started again must not do a second time: bring bytes to npm, make releases. */
const countUploads = ({ services: { npm, github } }: World): number =>
	npm.log.filter(({ brings, status }) => brings && status < 300).length +
	github.requests.filter(
		({ effect, method, path }) => effect === 'change' && method === 'POST' && path.endsWith('/releases'),
	).length;

/**
 * Both buttons: "Re-run all jobs", which finds nothing of what jobs have stored, and "Re-run failed jobs", which finds all of
 * it. act cannot leave out jobs that succeeded: they run too, and must do no harm.
 */
export const again: Scenario = {
	name: 'again',
	title: 'a failed run is started again, with nothing stored and with everything: nothing happens twice',
	workflows: ['release', 'publish'],
	timeout: 240,
	play: async (world) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		breakNpm(world);
		const first = await ada.release('1.0.0');
		const { id } = first;
		expectJobs(first, BROKEN);
		const before = countUploads(world);
		await world.emptyArtifacts(id);
		expectJobs(await world.run(toTagPush('1.0.0'), { id, attempt: 2 }), BROKEN);
		expectEqual('uploads of the second attempt', countUploads(world) - before, 0);

		repairNpm(world);
		expectJobs(await world.run(toTagPush('1.0.0'), { id, attempt: 3 }), RELEASED);
		expectEqual('users get', await lookAsUser(world), GOOD);
		expectEqual('dist-tags', await readTags(world), { latest: '1.0.0' });
		expectEqual('uploads of the third attempt: npm alone', countUploads(world) - before, 1);
	},
};
