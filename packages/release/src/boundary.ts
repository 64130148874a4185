import type { Context, Finding } from '@slipway/core';
import type { Adopted } from './adopt.ts';
import type { Phase } from './finish.ts';

/**
 * Looks at the Release and its evidence on the machine that publishes, right before bytes or pointers leave: what was
 * verified elsewhere, or earlier, is not taken on trust. An error among the findings stops the operation.
 */
export type Boundary = (
	moment: 'upload' | 'expose',
	adopted: Adopted,
	context: Context,
) => Promise<readonly Finding[]>;

/** The boundary as a phase; without one there is nothing to look at. */
export const toBoundaryPhase = (moment: 'upload' | 'expose'): Phase => ({
	name: moment === 'upload' ? 'check the release' : 'check the release again',
	run: async ({ boundary, plan, releaseId, context }) => {
		const findings = (await boundary?.(moment, { plan, releaseId }, context)) ?? [];
		const errors = findings.filter(({ severity }) => severity === 'error');
		for (const { message } of findings.filter(({ severity }) => severity === 'warning'))
			context.log.warning(message);
		if (errors.length === 0) return undefined;
		const reasons = errors.map(({ code, message, hint }) => `${code} ${message} (do: ${hint})`);
		return { state: 'HELD', reason: reasons.join('; ') };
	},
});
