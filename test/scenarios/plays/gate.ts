import { expectEqual, expectJobs, expectMatch } from '../expectation.ts';
import { RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { listNpmChanges, lookAsUser, readIssues, readJournal, readReleases } from '../world/look.ts';
import { Maintainer } from '../world/maintainer.ts';

const toPolicy = (level: 'fail' | 'off'): string =>
	JSON.stringify({ policy: 1, signers: [], gates: { 'sbom-quality': { level, 'min-score': 10 } } });

/** What a gate refuses reaches no registry and no journal; somebody is told; mended, the next tag is released. */
export const gate: Scenario = {
	name: 'gate',
	title: 'a gate refuses: nothing leaves, an issue says why; mended, the next tag is released',
	workflows: ['release'],
	play: async (world) => {
		const ada = new Maintainer(world);
		await ada.adopt();
		const before = listNpmChanges(world).length;
		const refused = await ada.release('1.0.0', { 'slipway.policy.yml': toPolicy('fail') });
		expectJobs(refused, {
			...RELEASED,
			gate: 'failure',
			publish: 'skipped',
			notice: 'success',
			...Object.fromEntries(
				['claim', 'npm', 'apt', 'github', 'approve', 'expose', 'consumer', 'record'].map((id) => [id, []]),
			),
		});
		expectMatch('what gate said', refused.errors.map(({ text }) => text).join('\n'), /GATE_REFUSED/);
		expectEqual('changes at npm', listNpmChanges(world).length, before);
		expectEqual('releases at GitHub', await readReleases(world), []);
		expectEqual('the journal', await readJournal(world), []);
		expectEqual('users get', await lookAsUser(world), { npm: '0.9.0', apt: null, github: null });
		const [issue] = await readIssues(world);
		expectMatch('the issue', `${issue?.state} ${issue?.title} ${issue?.body}`, /^open [\s\S]*gate/);

		expectJobs(await ada.release('1.0.1', { 'slipway.policy.yml': toPolicy('off') }), RELEASED);
		expectEqual('users get', await lookAsUser(world), { npm: '1.0.1', apt: '1.0.1-1', github: 'v1.0.1' });
	},
};
