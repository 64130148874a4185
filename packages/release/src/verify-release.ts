import type { Context } from '@slipway/core';
import { adoptPlan } from './adopt.ts';
import { toReport } from './finish.ts';
import { toLanes } from './operation.ts';
import type { ReleaseReport } from './outcome.ts';
import type { Project } from './release.ts';
import { toReading } from './rollback.ts';
import { toProblem } from './subject-states.ts';
import { inParallel } from './upload.ts';

/**
 * Looks at every target as a consumer does, once: that the default resolves to this release and its bytes are the planned ones.
 * Changes nothing, records nothing. HELD names what differs.
 * @throws SlipwayError PLAN_MISSING
 */
export const verifyRelease = async (
	project: Project & { readonly version: string },
	context: Context,
): Promise<ReleaseReport> => {
	const adopted = await adoptPlan(project.journal, project.version);
	const reading = toReading(project, adopted, context);
	const problems = await inParallel(toLanes(reading), async ({ publisher, subjects }) => {
		try {
			for (const { subject, client } of await publisher.verify(subjects, 'exposed', context)) {
				reading.states.note(subject, { state: 'exposed', verifiedBy: [client] });
			}
			return [];
		} catch (thrown) {
			for (const subject of subjects) reading.states.note(subject, { problem: toProblem(thrown) });
			return [`${publisher.id}: ${toProblem(thrown)}`];
		}
	});
	const found = problems.flat();
	const next = found.length > 0 ? `slipway status ${project.version}` : null;
	const reason = found.join('; ') || 'every target serves the planned bytes by default';
	return {
		...toReport(reading, { state: found.length > 0 ? 'HELD' : 'COMPLETED', reason, operation: 'verify' }),
		next,
	};
};
