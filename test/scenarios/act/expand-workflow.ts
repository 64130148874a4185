import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';
import { type Permissions, toTokenVariable } from './job-token.ts';

/** The file that is expanded, and where `$/` leads. */
export interface Origin {
	/** Path of the file in its repository. */
	readonly path: string;
	/** OWNER/NAME of the library. */
	readonly library: string;
	/** The ref that stands for the library's commit. */
	readonly ref: string;
}

/** Variables of a run from which jobs get what their rights allow. */
export const ID_TOKEN_URL = 'SLIPWAY_ID_TOKEN_URL';
export const ID_TOKEN_SECRET = 'SLIPWAY_ID_TOKEN_SECRET';
/** Each action has a ref of its own: act copies everything of a repository and ref before each of its steps. */
export const toActionRef = (ref: string, action: string): string => `${ref}-${action}`;

const toOwnUse = (path: string, { library, ref }: Origin): string => {
	const action = /^actions\/([a-z-]+)$/.exec(path)?.[1];
	return `${library}/${path}@${action ? toActionRef(ref, action) : ref}`;
};

/** The path in the library that a `uses:` names; undefined where it names something else. */
const findOwnPath = (node: YAMLMap, { library, ref }: Origin): string | undefined => {
	const uses = String(node.get('uses'));
	if (uses.startsWith('$/')) return uses.slice(2);
	const isPinned = uses.startsWith(`${library}/`) && uses.endsWith(`@${ref}`);
	return isPinned ? uses.slice(library.length + 1, -ref.length - 1) : undefined;
};

const expandUses = (node: YAMLMap, origin: Origin): void => {
	const path = findOwnPath(node, origin);
	if (path !== undefined) node.set('uses', toOwnUse(path, origin));
};

/** act has one token for all jobs: each action gets that of its job by its input. */
const expandStep = (
	step: YAMLMap,
	workflow: Document,
	job: { origin: Origin; permissions: Permissions },
): void => {
	if (findOwnPath(step, job.origin) === undefined) return;
	expandUses(step, job.origin);
	if (!isMap(step.get('with'))) step.set('with', workflow.createNode({}));
	if (!step.hasIn(['with', 'token']))
		step.setIn(['with', 'token'], `\${{ vars.${toTokenVariable(job.permissions)} }}`);
};

/** act's schema knows neither; act enforces none of them. */
const dropUnknown = (node: YAMLMap): void => {
	if (isMap(node.get('concurrency'))) node.deleteIn(['concurrency', 'queue']);
	if (isMap(node.get('permissions'))) node.deleteIn(['permissions', 'artifact-metadata']);
};

const readPermissions = (job: YAMLMap, workflow: Document): Permissions => {
	const own = job.get('permissions') ?? workflow.get('permissions');
	return isMap(own) ? (own.toJSON() as Permissions) : {};
};

/** `environment: NAME` or `environment: { name: NAME }`, unevaluated. */
const readEnvironment = (job: YAMLMap): string => {
	const environment = job.get('environment');
	const name = isMap(environment) ? environment.get('name') : environment;
	return typeof name === 'string' ? name : '';
};

/** What GitHub hands to the steps of a job with `id-token: write`, and act to none or to all. */
const toIdTokenVariables = (job: YAMLMap, { path }: Origin): Record<string, string> => ({
	ACTIONS_ID_TOKEN_REQUEST_URL: `\${{ vars.${ID_TOKEN_URL} }}?workflow=${path}&environment=${readEnvironment(job)}`,
	ACTIONS_ID_TOKEN_REQUEST_TOKEN: `\${{ vars.${ID_TOKEN_SECRET} }}`,
});

const expandJob = (job: YAMLMap, workflow: Document, origin: Origin): void => {
	dropUnknown(job);
	expandUses(job, origin);
	if (job.has('uses')) return;
	const permissions = readPermissions(job, workflow);
	const steps = job.get('steps') as { readonly items: readonly unknown[] } | undefined;
	for (const step of steps?.items ?? []) if (isMap(step)) expandStep(step, workflow, { origin, permissions });
	if (permissions['id-token'] !== 'write') return;
	for (const [name, value] of Object.entries(toIdTokenVariables(job, origin)))
		workflow.setIn([...findPath(workflow, job), 'env', name], value);
};

const findPath = (workflow: Document, job: YAMLMap): string[] => {
	const jobs = workflow.get('jobs') as YAMLMap;
	const pair = jobs.items.find(({ value }) => value === job);
	return ['jobs', String(isScalar(pair?.key) ? pair.key.value : pair?.key)];
};

const toWorkflowContext = ({ path, library, ref }: Origin): Readonly<Record<string, string>> => ({
	sha: ref,
	repository: library,
	file_path: path,
	ref: `${library}/${path}@${ref}`,
});

/** act leaves them empty. */
const expandContext = (source: string, origin: Origin): string =>
	source.replace(
		/\bjob\.workflow_(sha|repository|file_path|ref)\b/g,
		(_, name: string) => `'${toWorkflowContext(origin)[name]}'`,
	);

/**
 * A workflow as act 0.2.89 can run it: `$/x` names this library at a commit, what act's schema refuses is gone, and each
 * job gets what GitHub would give it for its `permissions`.
 */
export const toExpandedWorkflow = (source: string, origin: Origin): string => {
	const workflow = parseDocument(expandContext(source, origin));
	if (workflow.errors[0]) throw workflow.errors[0];
	if (isMap(workflow.contents)) dropUnknown(workflow.contents);
	const jobs = workflow.get('jobs');
	for (const { value } of isMap(jobs) ? jobs.items : []) if (isMap(value)) expandJob(value, workflow, origin);
	return workflow.toString({ lineWidth: 0 });
};
