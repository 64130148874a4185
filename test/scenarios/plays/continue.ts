import { expectEqual, expectJobs, expectMatch, expectThat } from '../expectation.ts';
import { CONTINUED, RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { listGitHubChanges, lookAsUser, readIssues, readReleases, readTags } from '../world/look.ts';
import { Maintainer } from '../world/maintainer.ts';
import { breakNpm, repairNpm } from '../world/trouble.ts';

/** One registry is down: nobody sees anything, an issue says so, and a dispatch finishes when it is up again. */
export const goOn: Scenario = {
	name: 'continue',
	title: 'npm is down, an issue says so; up again, a dispatch finishes and closes it',
	workflows: ['release', 'publish', 'continue'],
	play: async (world, tell) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		breakNpm(world);
		const broken = await ada.release('1.0.0');
		expectJobs(broken, {
			...RELEASED,
			npm: 'failure',
			expose: 'skipped',
			consumer: 'skipped',
			notice: [],
		});
		expectEqual('users get', await lookAsUser(world), { npm: '0.9.0', apt: null, github: null });
		expectEqual('dist-tags', await readTags(world), { latest: '0.9.0' });
		expectThat('a draft at GitHub', (await readReleases(world))[0]?.draft === true);
		const [issue] = await readIssues(world);
		expectEqual('state of the issue', issue?.state, 'open');
		expectMatch('the issue', issue?.body ?? '', /npm[\s\S]*continue/);
		const before = listGitHubChanges(world).length;

		repairNpm(world);
		const finished = await ada.dispatch('continue', '1.0.0');
		tell(`failed in ${broken.seconds.toFixed(1)} s, went on in ${finished.seconds.toFixed(1)} s`);
		expectJobs(finished, CONTINUED);
		expectEqual('users get', await lookAsUser(world), { npm: '1.0.0', apt: '1.0.0-1', github: 'v1.0.0' });
		expectEqual('dist-tags', await readTags(world), { latest: '1.0.0' });
		const again = listGitHubChanges(world).slice(before);
		expectThat(
			`no release made twice among ${again.join(', ')}`,
			!again.some((change) => change === 'POST /repos/acme/greet/releases'),
		);
		const issues = await readIssues(world);
		expectEqual(
			'issues',
			issues.map(({ state }) => state),
			['closed'],
		);
	},
};
