import { openPolicy } from '../join/policy.ts';
import type { Check } from './examination.ts';
import { bad, fromFinding, good } from './observation.ts';

/** The policy: that there is one, that it can be read, and where from. */
export const checkPolicy: Check = {
	about: 'policy',
	look: async ({ project }) => {
		const opened = await openPolicy(project);
		if (opened)
			return [
				good('policy', `${opened.from}, ${opened.policy.signers.length} signers`),
				...opened.findings.map((finding) => fromFinding('policy', finding)),
			];
		return [
			bad('warning', 'POLICY_ABSENT', {
				about: 'policy',
				message: 'there is none: signatures are not verified before bytes leave',
				action: 'Write slipway.policy.yml with `slipway init --policy`, and commit it to the default branch.',
			}),
		];
	},
};
