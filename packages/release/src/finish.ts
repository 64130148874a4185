import { isFatal, type Operation, type Stop } from './operation.ts';
import type { EndState, ReleaseReport } from './outcome.ts';
import { toProblem } from './subject-states.ts';

/** One phase of an operation; a Stop ends it. */
export interface Phase {
	readonly name: string;
	readonly run: (operation: Operation) => Promise<Stop | undefined>;
}

export interface PhaseTime {
	readonly name: string;
	readonly ms: number;
}

/** A failure that a phase did not foresee holds the operation like any other: what is exposed by then must be judged. */
const runPhase = async (operation: Operation, phase: Phase): Promise<Stop | undefined> => {
	try {
		return await phase.run(operation);
	} catch (thrown) {
		if (isFatal(thrown, operation.context)) throw thrown;
		return { state: 'HELD', reason: `${phase.name}: ${toProblem(thrown)}` };
	}
};

/** Runs phases in order until one stops; says which. */
export const runPhases = async (
	operation: Operation,
	phases: readonly Phase[],
): Promise<{
	readonly stop: Stop | undefined;
	readonly at: Phase | undefined;
	readonly times: PhaseTime[];
}> => {
	const times: PhaseTime[] = [];
	for (const phase of phases) {
		const start = operation.context.clock.now();
		const stop = await runPhase(operation, phase);
		times.push({ name: phase.name, ms: operation.context.clock.now() - start });
		if (stop) return { stop, at: phase, times };
	}
	return { stop: undefined, at: undefined, times };
};

const NEXT: Record<EndState, (version: string, exposed: boolean) => string | null> = {
	COMPLETED: () => null,
	ABORTED: () => null,
	ROLLED_BACK: (version) => `slipway restore ${version} --yes`,
	HELD: (version) => `slipway continue ${version}`,
	PENDING_EXTERNAL: (version) => `slipway continue ${version}`,
	STOPPED_MISMATCH: (version, exposed) =>
		exposed ? `slipway rollback ${version} --reason TEXT --yes` : `slipway abort ${version} --reason TEXT`,
};

const toNext = (state: EndState, { plan, states }: Pick<Operation, 'plan' | 'states'>): string | null => {
	const exposed = plan.subjects.some((subject) => states.get(subject).current === subject.pointer.next);
	return NEXT[state](plan.version, exposed);
};

/** The report of an operation as it stands. */
export const toReport = (
	{ plan, releaseId, states }: Pick<Operation, 'plan' | 'releaseId' | 'states'>,
	end: Stop &
		Pick<ReleaseReport, 'operation'> &
		Partial<Pick<ReleaseReport, 'dryRun' | 'partial'>> & { readonly times?: readonly PhaseTime[] },
): ReleaseReport => ({
	operation: end.operation,
	dryRun: end.dryRun ?? false,
	partial: end.partial ?? false,
	project: plan.project,
	version: plan.version,
	releaseId,
	state: end.state,
	reason: end.reason,
	subjects: states.toReports(),
	phases: end.times ?? [],
	next: end.next === undefined ? toNext(end.state, { plan, states }) : end.next,
});

/** Records the end state, which frees the project for other releases, and reports it. */
export const finish = async (
	operation: Operation,
	end: Stop & Pick<ReleaseReport, 'operation'> & { readonly times: readonly PhaseTime[] },
): Promise<ReleaseReport> => {
	const time = new Date(operation.context.clock.now()).toISOString();
	const report = toReport(operation, end);
	const { state, reason } = end;
	const outcome = { phase: 'end', time, state, reason, subjects: report.subjects };
	await operation.records.end(outcome, {
		state,
		reason,
		time,
		...(state === 'HELD' && report.next === null ? { next: null } : {}),
	});
	return report;
};
