import { expectEqual, expectJobs, expectMatch, expectThat } from '../expectation.ts';
import type { Scenario } from '../scenario.ts';
import { countChanges, readComments } from '../world/look.ts';
import { CHECK, Maintainer } from '../world/maintainer.ts';
import type { Trigger } from '../world/run-environment.ts';
import type { World, WorldRun } from '../world/world.ts';

/** The first that the repository gives. */
const NUMBER = 1;

const toPull = (head: string): Trigger => ({
	workflow: CHECK,
	event: 'pull_request',
	ref: `refs/pull/${NUMBER}/merge`,
	isFork: head !== 'acme/greet',
	payload: {
		number: NUMBER,
		pull_request: {
			number: NUMBER,
			head: { ref: 'topic', repo: { full_name: head } },
			base: { ref: 'main', repo: { full_name: 'acme/greet' } },
		},
	},
});

const CHECKED = { build: 'success', prove: 'success', plan: 'success' } as const;

const expectPlan = ({ summaries }: WorldRun): void =>
	expectMatch(
		'the summary',
		summaries
			.filter(({ job }) => job === 'plan')
			.map(({ text }) => text)
			.join('\n'),
		/1\.0\.0[\s\S]*npm/,
	);

const propose = async (world: World, text: string): Promise<void> => {
	const { repository } = world.services;
	const commit = await repository.commit({ 'README.md': text }, 'Say more', 'topic');
	await repository.setRef(`refs/pull/${NUMBER}/merge`, commit);
};

/** A pull request shows what a release would do; one from a fork can change nothing. */
export const pullRequest: Scenario = {
	name: 'pull-request',
	title: 'a pull request shows the plan: from a fork in the summary alone, from here in one comment too',
	workflows: ['check'],
	play: async (world) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		await ada.commit('1.0.0');
		world.services.github.repository().addPull({ title: 'Say more', author: 'mallory' });
		await propose(world, 'hello');
		const before = countChanges(world);
		const foreign = await world.run(toPull('mallory/greet'));
		expectJobs(foreign, { ...CHECKED, comment: 'skipped' });
		expectPlan(foreign);
		expectEqual('changes by a fork', countChanges(world), before);
		expectEqual('ID tokens that were given', world.services.identity.given.length, 0);

		for (const text of ['hello again', 'and again']) {
			await propose(world, text);
			const own = await world.run(toPull('acme/greet'));
			expectJobs(own, { ...CHECKED, comment: 'success' });
			expectPlan(own);
		}
		const comments = await readComments(world, NUMBER);
		expectEqual('comments', comments.length, 1);
		expectThat('the version in the comment', comments[0]?.includes('1.0.0') === true);
	},
};
