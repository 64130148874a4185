import { SlipwayError, toPrintable } from '@slipway/core';
import { type Call, type Caller, toJobPlace, toShown } from './caller.ts';
import type { Library, Resolve } from './contract.ts';
import type { WorkflowFinding } from './finding.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { isOfLibrary, toResolve } from './resolve.ts';
import { checkIdentities, checkOneFile } from './rules/identity.ts';
import { checkInputs } from './rules/inputs.ts';
import { checkPermissions } from './rules/permissions.ts';
import { checkPins } from './rules/pins.ts';
import { checkQueue } from './rules/queue.ts';
import { checkStarts } from './rules/starts.ts';
import { checkTokens } from './rules/tokens.ts';
import type { Workflow } from './workflow.ts';

/** A file of `.github/workflows`. */
export interface WorkflowFile {
	/** In its repository, with `/`. */
	readonly path: string;
	readonly text: string | Uint8Array;
}

const RULES = [
	checkPermissions,
	checkInputs,
	checkPins,
	checkStarts,
	checkQueue,
	checkIdentities,
	checkTokens,
];

const readWorkflow = ({ path, text }: WorkflowFile): Workflow | WorkflowFinding => {
	try {
		return parseWorkflow(text, path);
	} catch (error) {
		if (!(error instanceof SlipwayError)) throw error;
		return {
			// Whether it has to do with a release cannot be told: it may be nobody's business.
			severity: 'warning',
			code: 'CALLER_UNREADABLE',
			file: toPrintable(path, 300),
			place: '(document)',
			message: error.message,
			hint: error.hint,
		};
	}
};

const isFinding = (read: Workflow | WorkflowFinding): read is WorkflowFinding => 'code' in read;

const toCalls = (workflow: Workflow, resolve: Resolve): Call[] =>
	workflow.jobs.flatMap((job) => {
		const contract = job.uses === undefined ? undefined : resolve(job.uses);
		return job.uses !== undefined && contract ? [{ job, uses: job.uses, contract }] : [];
	});

const usesActions = (workflow: Workflow, library: Library): boolean =>
	workflow.jobs.some(({ steps }) =>
		steps.some(({ uses }) => uses !== undefined && isOfLibrary(uses, library)),
	);

const checkUnknown = (workflow: Workflow, library: Library, resolve: Resolve): WorkflowFinding[] =>
	workflow.jobs
		.filter(({ uses }) => uses !== undefined && isOfLibrary(uses, library) && !resolve(uses))
		.map((job) => ({
			severity: 'error',
			code: 'CALLER_WORKFLOW_UNKNOWN',
			file: workflow.path,
			place: toJobPlace(job, 'uses'),
			message: `expected a workflow of ${library.name} (${Object.keys(library.workflows).join(', ')}), got ${toShown(job.uses ?? '')}`,
			hint: `Correct the path in \`uses:\` of job ${toShown(job.id)}.`,
		}));

/**
 * Checks how the workflow files of a repository call the library: rights, inputs, secrets, pins, events, queue and who
 * holds the identity. Files that have nothing to do with it are only read. Needs no network.
 * @returns findings in the order of the files; each with its cause and one action. An empty list: GitHub will start it
 */
export const checkCaller = (files: readonly WorkflowFile[], library: Library): WorkflowFinding[] => {
	const read = files.map(readWorkflow);
	const workflows = read.filter((entry): entry is Workflow => !isFinding(entry));
	const resolve = toResolve(workflows, library);
	const callers: Caller[] = workflows
		.map((workflow) => ({ workflow, calls: toCalls(workflow, resolve), library }))
		.filter(({ workflow, calls }) => calls.length > 0 || usesActions(workflow, library));
	return [
		...read.filter(isFinding),
		...workflows.flatMap((workflow) => checkUnknown(workflow, library, resolve)),
		...callers.flatMap((caller) => RULES.flatMap((rule) => rule(caller))),
		...checkOneFile(callers),
	];
};
