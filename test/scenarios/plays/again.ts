import { expectEqual, expectJobs } from '../expectation.ts';
import { RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { listNpmChanges, lookAsUser, readReleases } from '../world/look.ts';
import { Maintainer, toTagPush } from '../world/maintainer.ts';
import { breakNpm, repairNpm } from '../world/trouble.ts';
import type { World } from '../world/world.ts';

const GOOD = { npm: '1.0.0', apt: '1.0.0-1', github: 'v1.0.0' };

/** What a run that is started again must not do a second time: bring bytes, make releases. */
const countUploads = ({ services: { npm, github } }: World): number =>
	npm.log.filter(({ brings, status }) => brings && status < 300).length +
	github.requests.filter(
		({ effect, method, path }) => effect === 'change' && method === 'POST' && path.endsWith('/releases'),
	).length;

/** The buttons "Re-run failed jobs" and "Re-run all jobs", with what the earlier attempt stored and without. */
export const again: Scenario = {
	name: 'again',
	title: 'a failed run is started again, with its artifacts and without: the same end, nothing twice',
	workflows: ['release', 'publish'],
	timeout: 300,
	play: async (world) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		breakNpm(world);
		const first = await ada.release('1.0.0');
		expectJobs(first, { ...RELEASED, npm: 'failure', expose: 'skipped', consumer: 'skipped', notice: [] });
		repairNpm(world);
		const before = countUploads(world);

		const second = await world.run(toTagPush('1.0.0'), { id: first.id, attempt: 2 });
		expectJobs(second, RELEASED);
		expectEqual('users get', await lookAsUser(world), GOOD);
		expectEqual('uploads of the second attempt', countUploads(world) - before, 1);
		const releases = await readReleases(world);
		const changes = listNpmChanges(world);

		await world.emptyArtifacts(first.id);
		const third = await world.run(toTagPush('1.0.0'), { id: first.id, attempt: 3 });
		expectJobs(third, RELEASED);
		expectEqual('users get', await lookAsUser(world), GOOD);
		expectEqual('changes at npm', listNpmChanges(world), changes);
		expectEqual('releases', await readReleases(world), releases);
	},
};
