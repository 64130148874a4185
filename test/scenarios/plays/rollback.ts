import { expectEqual, expectJobs, expectMatch, expectThat } from '../expectation.ts';
import { HAULED_BACK, RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import {
	countChanges,
	lookAsUser,
	readDeprecation,
	readIssues,
	readJournal,
	readTags,
} from '../world/look.ts';
import { Maintainer } from '../world/maintainer.ts';

const REASON = { reason: 'it crashes at start' };
const GOOD = { npm: '1.0.0', apt: '1.0.0-1', github: 'v1.0.0' };
const BAD = { npm: '1.1.0', apt: '1.1.0-1', github: 'v1.1.0' };

/** A bad version is hauled back from the Actions page, and put there again. */
export const rollback: Scenario = {
	name: 'rollback',
	title: 'a bad version is hauled back everywhere by one dispatch, a dry run first; then restored',
	workflows: ['rollback'],
	timeout: 300,
	play: async (world, tell) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		for (const version of ['1.0.0', '1.1.0']) expectJobs(await ada.release(version), RELEASED);
		expectEqual('users get', await lookAsUser(world), BAD);

		const before = countChanges(world);
		const dry = await ada.dispatch('rollback', '1.1.0', { ...REASON, 'dry-run': 'true' });
		expectJobs(dry, { ...HAULED_BACK, act: 'skipped', notice: 'skipped' });
		expectEqual('changes of the dry run', countChanges(world), before);
		expectEqual('users get', await lookAsUser(world), BAD);

		const real = await ada.dispatch('rollback', '1.1.0', REASON);
		expectJobs(real, HAULED_BACK);
		expectEqual('users get', await lookAsUser(world), GOOD);
		expectEqual('dist-tags', await readTags(world), { latest: '1.0.0' });
		expectMatch('deprecation', (await readDeprecation(world, '1.1.0')) ?? '', /it crashes at start/);
		const took = real.jobSeconds.get('act') ?? Number.POSITIVE_INFINITY;
		// A figure, not a verdict: how long it takes depends on the machine.
		tell(
			`rollback: ${took.toFixed(1)} s from job start to consumer-verified (10 s are the aim on a quiet machine)`,
		);

		const back = await ada.dispatch('restore', '1.1.0', REASON);
		expectJobs(back, HAULED_BACK);
		expectEqual('users get', await lookAsUser(world), BAD);
		expectEqual('deprecation', await readDeprecation(world, '1.1.0'), undefined);
		expectEqual('issues', await readIssues(world), []);
		const fences = (await readJournal(world)).filter((path) => path.endsWith('-end.json'));
		expectThat(`four operations to have ended, not ${fences.length}`, fences.length >= 4);
	},
};
