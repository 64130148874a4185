import { type InitPlan, type InitRequest, planInit, toChanges, toConflicts } from './plan.ts';
import { writeFiles } from './write-files.ts';

export interface InitRun extends InitRequest {
	/** Only looks. */
	readonly dryRun: boolean;
	/** Changes files that init wrote earlier, unasked. */
	readonly yes: boolean;
	/** Asks a person; undefined: nobody is there. */
	readonly confirm?: ((plan: InitPlan) => Promise<boolean>) | undefined;
}

/**
 * written: everything is as init wants it now. unchanged: it was already. conflict: nothing was written, because a file holds
 * edits. unconfirmed: nothing was written, because files would change and nobody said yes. planned: only looked at.
 */
export type InitOutcome = 'written' | 'unchanged' | 'conflict' | 'unconfirmed' | 'planned';

export interface InitResult {
	readonly plan: InitPlan;
	readonly outcome: InitOutcome;
}

/**
 * Brings a project's files up to date: all of them or none.
 * @throws SlipwayError INIT_*
 */
export const initProject = async (run: InitRun): Promise<InitResult> => {
	const plan = await planInit(run);
	const writes = plan.files.flatMap(({ path, text, seen }) =>
		text === undefined ? [] : [{ path, text, seen }],
	);
	if (toConflicts(plan).length > 0) return { plan, outcome: 'conflict' };
	if (writes.length === 0) return { plan, outcome: 'unchanged' };
	if (run.dryRun) return { plan, outcome: 'planned' };
	const isAllowed = run.yes || toChanges(plan).length === 0 || (await run.confirm?.(plan)) === true;
	if (!isAllowed) return { plan, outcome: 'unconfirmed' };
	await writeFiles(plan.root, writes);
	return { plan, outcome: 'written' };
};
