import { type Caller, isEntry, toJobPlace } from '../caller.ts';
import type { WorkflowFinding } from '../finding.ts';
import type { Concurrency } from '../workflow.ts';

interface Place {
	readonly file: string;
	readonly place: string;
}

const NONE = {
	severity: 'warning',
	code: 'CALLER_QUEUE',
	message:
		'expected `concurrency` with `queue: max`, got none: two runs may start at once and one stops at the fence',
	hint: `Add \`concurrency: { group: release, cancel-in-progress: false, queue: max }\` at the top.`,
} as const;

const CANCELS = {
	severity: 'error',
	code: 'CALLER_CANCELS',
	message:
		'expected `cancel-in-progress: false`, got another value: a second run would kill a release that is half visible',
	hint: 'Write `cancel-in-progress: false` and `queue: max` under `concurrency:`.',
} as const;

const NO_QUEUE = {
	severity: 'warning',
	code: 'CALLER_QUEUE',
	message: 'expected `queue: max`, got none: of several waiting runs GitHub keeps one and cancels the others',
	hint: 'Add `queue: max` under `concurrency:`.',
} as const;

const checkConcurrency = ({ cancels, queue }: Concurrency, place: Place): WorkflowFinding[] => {
	if (cancels !== false && cancels !== null) return [{ ...CANCELS, ...place }];
	return queue === 'max' ? [] : [{ ...NO_QUEUE, ...place }];
};

/** Runs that change registries wait for each other, all of them, and none is cancelled by a newer one. */
export const checkQueue = ({ workflow, calls }: Caller): WorkflowFinding[] => {
	const file = workflow.path;
	const waiting = calls.filter(({ contract }) => contract.waits).map(({ job }) => job);
	if (waiting.length === 0 || !isEntry(workflow)) return [];
	const top = { file, place: 'concurrency' };
	const ofJobs = waiting.flatMap((job) =>
		job.concurrency ? checkConcurrency(job.concurrency, { file, place: toJobPlace(job, 'concurrency') }) : [],
	);
	if (workflow.concurrency) return [...checkConcurrency(workflow.concurrency, top), ...ofJobs];
	return waiting.every(({ concurrency }) => concurrency) ? ofJobs : [{ ...NONE, ...top }, ...ofJobs];
};
