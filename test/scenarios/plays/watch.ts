import { expectEqual, expectJobs, expectMatch } from '../expectation.ts';
import { RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { readIssues } from '../world/look.ts';
import { Maintainer, WATCH } from '../world/maintainer.ts';
import type { World, WorldRun } from '../world/world.ts';

const watchOnce = (world: World): Promise<WorldRun> =>
	world.run({ workflow: WATCH, event: 'schedule', ref: 'refs/heads/main' });

const countFindings = ({ outputs }: WorldRun): string | undefined =>
	outputs.find(({ job, name }) => job === 'watch' && name === 'findings')?.value;

const toSummary = ({ summaries }: WorldRun): string => summaries.map(({ text }) => text).join('\n');

/** What drifts is told, once, and no longer than it is true. */
export const watch: Scenario = {
	name: 'watch',
	title: 'a clean look says nothing; a pointer that somebody moved is one issue, closed when it is back',
	workflows: ['watch'],
	play: async (world) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		expectJobs(await ada.release('1.0.0'), RELEASED);
		const clean = await watchOnce(world);
		expectJobs(clean, { watch: 'success' });
		expectEqual(`findings of ${toSummary(clean)}`, countFindings(clean), '0');
		expectEqual('issues', await readIssues(world), []);

		await world.services.npm.control.moveTag('greet', 'latest', '0.9.0');
		for (const look of ['first', 'second']) {
			expectJobs(await watchOnce(world), { watch: 'success' });
			const issues = await readIssues(world);
			expectEqual(
				`issues after the ${look} look`,
				issues.map(({ state }) => state),
				['open'],
			);
			expectMatch('the issue', issues[0]?.body ?? '', /npm[\s\S]*(latest|0\.9\.0)/);
		}

		await world.services.npm.control.moveTag('greet', 'latest', '1.0.0');
		expectJobs(await watchOnce(world), { watch: 'success' });
		expectEqual(
			'issues',
			(await readIssues(world)).map(({ state }) => state),
			['closed'],
		);
	},
};
