import { type Caller, isEntry, toJobPlace, toShown } from '../caller.ts';
import type { Library } from '../contract.ts';
import type { WorkflowFinding } from '../finding.ts';
import { hasIdentity } from '../permissions.ts';
import { isOfLibrary } from '../resolve.ts';
import { parseUses } from '../uses.ts';
import { type Job, type Step, toGrant, type Workflow } from '../workflow.ts';

const BUILDING = ['actions/build-once', 'actions/reproduce'];
const WRITING_TO_NPM = ['actions/publish-npm', 'actions/expose', 'actions/rollback', 'actions/release'];

const toLibraryPath = (uses: string | undefined, library: Library): string | undefined => {
	if (uses === undefined || !isOfLibrary(uses, library)) return undefined;
	const target = parseUses(uses);
	// The action at the root of the library is its action `release`.
	return target.kind === 'remote' ? target.path || 'actions/release' : undefined;
};

/** True for files of the library itself: nothing in them names it from outside, and their own actions are its actions. */
const isLibrary = ({ jobs }: Workflow, library: Library): boolean =>
	!jobs
		.flatMap(({ uses, steps }) => [uses, ...steps.map((step) => step.uses)])
		.some((uses) => uses !== undefined && isOfLibrary(uses, library));

/** What of the project a step runs: the commands of the file itself, an action of the repository, its build. */
const toProjectCode = (
	{ run, uses, with: inputs }: Step,
	{ workflow, library }: Caller,
): string | undefined => {
	if (run !== undefined) return `\`run: ${toShown(run.split('\n')[0] ?? '')}\``;
	if (uses !== undefined && parseUses(uses).kind === 'own' && !isLibrary(workflow, library))
		return `\`uses: ${toShown(uses)}\``;
	const path = toLibraryPath(uses, library);
	const builds = path === 'actions/release' && String(inputs.build) === 'true';
	return path !== undefined && (builds || BUILDING.includes(path))
		? `\`uses: ${toShown(uses ?? '')}\``
		: undefined;
};

const checkIdentity = (caller: Caller, job: Job): WorkflowFinding[] => {
	if (!hasIdentity(toGrant(caller.workflow, job))) return [];
	const code = job.steps.flatMap((step) => toProjectCode(step, caller) ?? []);
	if (code.length === 0) return [];
	return [
		{
			severity: 'error',
			code: 'CALLER_IDENTITY_EXPOSED',
			file: caller.workflow.path,
			place: toJobPlace(job, 'permissions.id-token'),
			message: `expected no code of the project in a job with \`id-token: write\`, got ${code.join(', ')}: it could sign and publish as this repository`,
			hint: `Move ${code.length === 1 ? 'that step' : 'those steps'} into a job without \`id-token: write\`, and hand over what it makes by artifact and digest.`,
		},
	];
};

const checkEnvironment = ({ workflow, library }: Caller, job: Job): WorkflowFinding[] => {
	const writes = job.steps.some(({ uses }) => WRITING_TO_NPM.includes(toLibraryPath(uses, library) ?? ''));
	if (!writes || job.environment !== undefined || !hasIdentity(toGrant(workflow, job))) return [];
	return [
		{
			severity: 'warning',
			code: 'CALLER_ENVIRONMENT_MISSING',
			file: workflow.path,
			place: toJobPlace(job, 'environment'),
			message: `expected job ${toShown(job.id)} to write to npm from an environment, got none: every branch of the repository could ask npm for a token`,
			hint: `Add \`environment: npm\` to job ${toShown(job.id)}, limit that environment to protected tags, and register it with the trusted publisher.`,
		},
	];
};

/** Whoever holds the identity of the repository runs no code of the project, and only from one environment. */
export const checkIdentities = (caller: Caller): WorkflowFinding[] =>
	caller.workflow.jobs.flatMap((job) => [...checkIdentity(caller, job), ...checkEnvironment(caller, job)]);

/** npm's trusted publisher names one file: the releases of a package come from one. */
export const checkOneFile = (callers: readonly Caller[]): WorkflowFinding[] => {
	const trusted = callers.filter(
		({ workflow, calls }) =>
			isEntry(workflow) && calls.some(({ contract }) => contract.waits && hasIdentity(contract.permissions)),
	);
	const [first, ...others] = trusted.map(({ workflow }) => workflow.path);
	return others.map((file) => ({
		severity: 'error',
		code: 'CALLER_SEVERAL',
		file,
		place: 'jobs',
		message: `expected one workflow file that releases, because npm trusts one file name a package, got ${toShown(file)} besides ${toShown(first ?? '')}`,
		hint: `Move the jobs of ${toShown(file)} into ${toShown(first ?? '')}, chosen by an input of its \`workflow_dispatch\`.`,
	}));
};
