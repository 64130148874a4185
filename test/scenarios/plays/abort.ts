import { expectEqual, expectJobs, expectThat } from '../expectation.ts';
import { HAULED_BACK, RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { lookAsUser, readIssues, readReleases, readTags } from '../world/look.ts';
import { Maintainer } from '../world/maintainer.ts';
import { breakNpm, repairNpm } from '../world/trouble.ts';

/** A release that shall not go on leaves nothing that anybody could get by accident. */
export const abort: Scenario = {
	name: 'abort',
	title: 'a release that is stuck is given up: no draft is left, users keep what they had',
	workflows: ['rollback'],
	play: async (world) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		breakNpm(world);
		const broken = await ada.release('1.0.0');
		expectJobs(broken, { ...RELEASED, npm: 'failure', expose: 'skipped', consumer: 'skipped', notice: [] });
		repairNpm(world);
		const ended = await ada.dispatch('abort', '1.0.0', { reason: 'a better one is coming' });
		expectJobs(ended, HAULED_BACK);
		expectEqual('users get', await lookAsUser(world), { npm: '0.9.0', apt: null, github: null });
		expectEqual('dist-tags', await readTags(world), { latest: '0.9.0' });
		expectEqual('releases at GitHub', await readReleases(world), []);
		const issues = await readIssues(world);
		expectThat(
			'no issue left open',
			issues.every(({ state }) => state === 'closed'),
		);
		expectJobs(await ada.release('1.0.1'), RELEASED);
		expectEqual('users get', await lookAsUser(world), { npm: '1.0.1', apt: '1.0.1-1', github: 'v1.0.1' });
	},
};
