import { expectEqual, expectJobs, expectThat } from '../expectation.ts';
import { RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import {
	listNpmChanges,
	lookAsUser,
	readIssues,
	readJournal,
	readReleases,
	readTags,
} from '../world/look.ts';
import { Maintainer } from '../world/maintainer.ts';

/** A pushed tag ends at users of npm, apt and GitHub, everything visible together. */
export const release: Scenario = {
	name: 'release',
	title: 'a tag is released to npm, apt and GitHub',
	workflows: ['release', 'publish'],
	play: async (world, tell) => {
		const ada = new Maintainer(world, { hasPolicy: true });
		await ada.adopt();
		const run = await ada.release('1.0.0');
		tell(`released in ${run.seconds.toFixed(1)} s`);
		expectJobs(run, RELEASED);
		expectEqual('users get', await lookAsUser(world), { npm: '1.0.0', apt: '1.0.0-1', github: 'v1.0.0' });
		expectEqual('dist-tags', await readTags(world), { latest: '1.0.0' });
		expectEqual('changes at npm', listNpmChanges(world).slice(1), [
			'PUT /greet',
			'PUT /-/package/greet/dist-tags/latest',
			'DELETE /-/package/greet/dist-tags/slipway-1.0.0',
		]);
		const [published, ...others] = await readReleases(world);
		expectEqual('other releases', others, []);
		expectEqual(
			'the release',
			{ ...published, assets: undefined },
			{
				tag: 'v1.0.0',
				draft: false,
				prerelease: false,
				assets: undefined,
			},
		);
		expectThat(
			'tarball, package and digests among the assets',
			['greet-1.0.0.tgz', 'greet_1.0.0-1_all.deb', 'SHA256SUMS'].every((name) =>
				published?.assets.includes(name),
			),
		);
		expectEqual('issues', await readIssues(world), []);
		const journal = await readJournal(world);
		for (const path of [
			'releases/greet/1.0.0/plan.json',
			'fences/greet/000001.json',
			'fences/greet/000001-end.json',
		])
			expectThat(`${path} in the journal, which has ${journal.join(' ')}`, journal.includes(path));
	},
};
