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

const playAgain = async (world: World, prepare: (run: number) => Promise<void>): Promise<void> => {
	const ada = new Maintainer(world);
	await ada.adopt();
	breakNpm(world);
	const first = await ada.release('1.0.0');
	expectJobs(first, BROKEN);
	repairNpm(world);
	const before = countUploads(world);
	await prepare(first.id);
	expectJobs(await world.run(toTagPush('1.0.0'), { id: first.id, attempt: 2 }), RELEASED);
	expectEqual('users get', await lookAsUser(world), GOOD);
	expectEqual('dist-tags', await readTags(world), { latest: '1.0.0' });
	expectEqual('uploads of the second attempt: npm alone', countUploads(world) - before, 1);
};

/** The button "Re-run failed jobs". act cannot leave out jobs that succeeded: they run too, and must do no harm. */
export const again: Scenario = {
	name: 'again',
	title: 'a failed run is started again, with what its jobs have stored: nothing happens twice',
	workflows: ['release', 'publish'],
	play: (world) => playAgain(world, async () => {}),
};

/** The button "Re-run all jobs". */
export const againFromNothing: Scenario = {
	name: 'again-all',
	title: 'a failed run is started again with nothing stored: the same end, nothing twice',
	workflows: ['release', 'publish'],
	play: (world) => playAgain(world, (run) => world.emptyArtifacts(run)),
};
