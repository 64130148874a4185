import { expectEqual, expectThat } from '../expectation.ts';
import type { Scenario } from '../scenario.ts';
import { lookAsUser, readReleases, readTags } from '../world/look.ts';
import { Maintainer, toTagPush } from '../world/maintainer.ts';
import type { WorldRun } from '../world/world.ts';

const isGreen = ({ code, jobs }: WorldRun): boolean =>
	code === 0 && jobs.every(({ result }) => result !== 'failure');

/** Without GitHub's queue: act knows none, so that both run side by side as jobs of two repositories would. */
export const twoTags: Scenario = {
	name: 'two-tags',
	title: 'two tags at once: one after the other, or one says what holds it; nothing is mixed',
	workflows: ['release', 'publish'],
	timeout: 300,
	play: async (world, tell) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		await ada.tag('1.0.0');
		await ada.tag('1.1.0');
		// Each tag's release goes on from the pointers that its plan was frozen with.
		const runs = await Promise.all(['1.0.0', '1.1.0'].map((version) => world.run(toTagPush(version))));
		const [older, newer] = runs as [WorldRun, WorldRun];
		tell(`1.0.0: ${isGreen(older) ? 'released' : 'held'}, 1.1.0: ${isGreen(newer) ? 'released' : 'held'}`);
		expectThat('one of both to be released', isGreen(older) || isGreen(newer));
		for (const run of runs.filter((each) => !isGreen(each)))
			expectThat(
				`the other one to say what holds it, not ${run.errors.map(({ text }) => text).join('; ')}`,
				run.errors.some(({ text }) => /FENCE|--line|--repoint/.test(text)),
			);
		const seen = isGreen(newer) ? '1.1.0' : '1.0.0';
		expectEqual('users get', await lookAsUser(world), { npm: seen, apt: `${seen}-1`, github: `v${seen}` });
		const hidden = Object.keys(await readTags(world)).filter((tag) => tag !== 'latest');
		const drafts = (await readReleases(world)).filter(({ draft }) => draft).map(({ tag }) => tag);
		const held = isGreen(newer) ? '1.0.0' : '1.1.0';
		expectThat(
			`nothing hidden but ${held}, got ${hidden}`,
			hidden.every((tag) => tag === `slipway-${held}`),
		);
		expectThat(
			`no draft but that of ${held}, got ${drafts}`,
			drafts.every((tag) => tag === `v${held}`),
		);
	},
};
