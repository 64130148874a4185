import { type Context, SlipwayError } from '@slipway/core';
import { adoptPlan } from './adopt.ts';
import type { ReleaseCode } from './code.ts';
import { finish, runPhases } from './finish.ts';
import type { ReleaseReport } from './outcome.ts';
import { claim, type Project } from './release.ts';
import { checkFindings, examine, toReading } from './rollback.ts';
import { withdrawAll } from './withdraw.ts';

export interface AbortRequest extends Project {
	readonly version: string;
	readonly reason: string;
}

/**
 * Ends a release that shall not go on, while nothing of it is exposed: hidden pointers, drafts and staged versions are removed.
 * The report lists hidden bytes that stay and version numbers that are used up.
 * @throws SlipwayError PLAN_MISSING, OPERATION_REFUSED (something is exposed: roll back instead), FENCE_HELD, FENCE_LOST
 */
export const abort = async (request: AbortRequest, context: Context): Promise<ReleaseReport> => {
	const { journal, version, reason } = request;
	const adopted = await adoptPlan(journal, version);
	const reading = toReading(request, adopted, context);
	checkFindings(await examine(reading, 'abort'), `${version} cannot be aborted`);
	const exposed = adopted.plan.subjects.filter(
		(subject) => reading.states.get(subject).current === subject.pointer.next,
	);
	if (exposed.length > 0) {
		const where = exposed.map(({ target, id }) => `${target}: ${id}`).join(', ');
		throw new SlipwayError<ReleaseCode>('OPERATION_REFUSED', `${version} is exposed already (${where})`, {
			hint: `Haul it back instead: slipway rollback ${version} --reason TEXT --yes`,
		});
	}
	const operation = await claim(request, adopted, { operation: 'abort', reason, context });
	const { stop, times } = await runPhases(operation, [
		{ name: 'withdraw', run: (op) => withdrawAll(op, { from: 'hidden', reason }) },
	]);
	return finish(operation, { ...(stop ?? { state: 'ABORTED', reason }), operation: 'abort', times });
};
