import { type Context, SlipwayError } from '@slipway/core';
import { adoptPlan } from './adopt.ts';
import type { ReleaseCode } from './code.ts';
import { checkFindings, examine } from './examine.ts';
import { finish, runPhases } from './finish.ts';
import type { HistoryEntry } from './journal.ts';
import type { Operation, Reading, Stop } from './operation.ts';
import type { ReleaseReport } from './outcome.ts';
import { claim, type Project } from './release.ts';
import { toReading } from './rollback.ts';
import { withdrawAll } from './withdraw.ts';

export interface AbortRequest extends Project {
	readonly version: string;
	readonly reason: string;
}

const findExposed = ({ plan, states }: Reading): string[] =>
	plan.subjects
		.filter((subject) => states.get(subject).current === subject.pointer.next)
		.map(({ target, id }) => `${target}: ${id}`);

const toRollback = ({ plan }: Reading): string => `slipway rollback ${plan.version} --reason TEXT --yes`;

/** @throws SlipwayError OPERATION_REFUSED */
const checkHidden = (reading: Reading): void => {
	const exposed = findExposed(reading);
	if (exposed.length === 0) return;
	throw new SlipwayError<ReleaseCode>(
		'OPERATION_REFUSED',
		`${reading.plan.version} is exposed already (${exposed.join(', ')})`,
		{ hint: `Haul it back instead: ${toRollback(reading)}` },
	);
};

/**
 * What was exposed once is not made to look as if it never was: its way back, and forth again, would be lost.
 * @throws SlipwayError OPERATION_REFUSED
 */
const checkNeverExposed = async ({ journal, version }: AbortRequest): Promise<void> => {
	const history = await journal.readHistory();
	const isOut = ({ fence, end }: HistoryEntry): boolean =>
		fence.version === version && ['COMPLETED', 'ROLLED_BACK'].includes(end?.state ?? '');
	if (!history.some(isOut)) return;
	throw new SlipwayError<ReleaseCode>(
		'OPERATION_REFUSED',
		`${version} was released, which cannot be aborted`,
		{
			hint: `See what is where: slipway status ${version}`,
		},
	);
};

/** Under the fence nobody exposes any more: what was exposed until then must not be called aborted. */
const stopIfExposed = async (operation: Operation): Promise<Stop | undefined> => {
	await examine(operation, 'status');
	const exposed = findExposed(operation);
	if (exposed.length === 0) return undefined;
	return { state: 'HELD', reason: `exposed meanwhile: ${exposed.join(', ')}`, next: toRollback(operation) };
};

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
	checkHidden(reading);
	await checkNeverExposed(request);
	const operation = await claim(request, adopted, { operation: 'abort', reason, context });
	const { stop, times } = await runPhases(operation, [
		{ name: 'check that nothing is exposed', run: stopIfExposed },
		{ name: 'withdraw', run: (claimed) => withdrawAll(claimed, { from: 'hidden', reason }) },
	]);
	return finish(operation, { ...(stop ?? { state: 'ABORTED', reason }), operation: 'abort', times });
};
