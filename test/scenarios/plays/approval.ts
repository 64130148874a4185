import { expectEqual, expectJobs, expectMatch, expectThat } from '../expectation.ts';
import { CONTINUED, RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { lookAsUser, readIssues, readTags } from '../world/look.ts';
import { Maintainer } from '../world/maintainer.ts';

/** npm takes the version only once a person has approved it: the release waits, and goes on when that is done. */
export const approval: Scenario = {
	name: 'approval',
	title: 'a staged version waits for a person: PENDING_EXTERNAL; approved, a dispatch finishes',
	workflows: ['publish', 'continue'],
	play: async (world) => {
		const ada = new Maintainer(world, { npmMode: 'stage' });
		await ada.adopt();
		const pending = await ada.release('1.0.0');
		const [staged, ...others] = world.services.npm.control.staged();
		expectEqual('other staged versions', others, []);
		expectEqual('the staged version', staged?.version, '1.0.0');
		expectJobs(pending, { ...RELEASED, npm: 'failure', expose: 'skipped', consumer: 'skipped', notice: [] });
		expectMatch('what npm said', pending.errors.map(({ text }) => text).join('\n'), /PENDING_EXTERNAL/);
		expectEqual('users get', await lookAsUser(world), { npm: '0.9.0', apt: null, github: null });
		expectMatch('the issue', (await readIssues(world)).map(({ body }) => body).join(), /approve/);

		expectThat(
			'npm to take the approval',
			(await world.services.npm.control.approve(staged?.id ?? '')) < 300,
		);
		expectJobs(await ada.dispatch('continue', '1.0.0'), CONTINUED);
		expectEqual('users get', await lookAsUser(world), { npm: '1.0.0', apt: '1.0.0-1', github: 'v1.0.0' });
		expectEqual('dist-tags', await readTags(world), { latest: '1.0.0' });
	},
};
