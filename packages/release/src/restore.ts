import { type Context, SlipwayError } from '@slipway/core';
import { adoptPlan } from './adopt.ts';
import { toBoundaryPhase } from './boundary.ts';
import type { ReleaseCode } from './code.ts';
import { checkFindings, examine } from './examine.ts';
import { checkPointers, exposeAll } from './expose.ts';
import { finish, type Phase, runPhases, toReport } from './finish.ts';
import type { HistoryEntry } from './journal.ts';
import type { ReleaseReport } from './outcome.ts';
import { claim, type Project, toLast } from './release.ts';
import { toPresentState, toReading } from './rollback.ts';
import { verifySubjects } from './verify.ts';

export interface RestoreRequest extends Project {
	readonly version: string;
	readonly reason: string | null;
	/** False: only say what would happen. */
	readonly act: boolean;
}

const RESTORE_PHASES: readonly Phase[] = [
	toBoundaryPhase('expose'),
	{ name: 'check pointers', run: checkPointers },
	{ name: 'expose', run: exposeAll },
	{ name: 'verify as a consumer', run: (operation) => verifySubjects(operation, 'exposed') },
];

/**
 * The mirror of rollback: exposes again what was rolled back, from the same bytes, and clears the marks that rollback set.
 * @throws SlipwayError PLAN_MISSING, OPERATION_REFUSED, FENCE_HELD, FENCE_LOST
 */
export const restore = async (request: RestoreRequest, context: Context): Promise<ReleaseReport> => {
	const { journal, version, reason } = request;
	const [adopted, history] = await Promise.all([adoptPlan(journal, version), journal.readHistory()]);
	const isOurs = ({ fence }: HistoryEntry): boolean => fence.version === version;
	const isAborted =
		toLast(history, version)?.fence.operation === 'abort' ||
		history.some((entry) => isOurs(entry) && entry.end?.state === 'ABORTED');
	if (isAborted) {
		throw new SlipwayError<ReleaseCode>('OPERATION_REFUSED', `${version} was aborted and never exposed`, {
			hint: 'Release the next version.',
		});
	}
	const reading = toReading(request, adopted, context);
	checkFindings(await examine(reading, 'restore'), `${version} cannot be restored`);
	if (!request.act) {
		const next = `slipway restore ${version} --yes`;
		return toReport(reading, {
			state: toPresentState(reading),
			reason: 'dry run, nothing was changed',
			next,
			operation: 'restore',
			dryRun: true,
		});
	}
	const operation = await claim(request, adopted, { operation: 'restore', reason, context });
	const { stop, times } = await runPhases(operation, RESTORE_PHASES);
	return finish(operation, {
		...(stop ?? { state: 'COMPLETED', reason: 'every target shows this release again' }),
		operation: 'restore',
		times,
	});
};
