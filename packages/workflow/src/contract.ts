import { type Permissions, toUnion } from './permissions.ts';
import type { InputType, Job, Workflow } from './workflow.ts';

/** What a caller has to know of a workflow: its interface, and the least that the calling job has to grant. */
export interface Contract {
	readonly inputs: Readonly<Record<string, { readonly type: InputType; readonly required: boolean }>>;
	readonly secrets: Readonly<Record<string, { readonly required: boolean }>>;
	readonly outputs: readonly string[];
	readonly permissions: Permissions;
	/** It changes registries: its runs wait for each other (`queue: max`) and are never cancelled by a newer one. */
	readonly waits: boolean;
}

/** The reusable workflows of one repository, by path in it. */
export interface Library {
	/** Name of the repository. Its owner is not asked for: a fork is the same library. */
	readonly name: string;
	readonly workflows: Readonly<Record<string, Contract>>;
}

/** The contract behind a `uses:` of a job; undefined for workflows that are not at hand. */
export type Resolve = (uses: string) => Contract | undefined;

const toJobPermissions = (workflow: Workflow, job: Job, resolve: Resolve): Permissions[] => {
	const own = job.permissions ?? workflow.permissions ?? {};
	const nested = job.uses === undefined ? undefined : resolve(job.uses)?.permissions;
	// read-all and write-all stand for scopes that nobody can list: a caller cannot be told what to grant.
	return [typeof own === 'string' ? {} : own, nested ?? {}];
};

/**
 * The scopes that a job which calls this workflow has to grant: the union over all its jobs, whether they run or not,
 * and over the workflows that they call in turn. GitHub starts no job at all where one scope is missing.
 */
export const toRequiredPermissions = (workflow: Workflow, resolve: Resolve): Permissions =>
	toUnion(workflow.jobs.flatMap((job) => toJobPermissions(workflow, job, resolve)));

/** What callers have to know of this workflow; undefined where nobody can call it. */
export const toContract = (workflow: Workflow, resolve: Resolve): Contract | undefined => {
	if (workflow.call === undefined) return undefined;
	const { inputs, secrets, outputs } = workflow.call;
	return {
		inputs: Object.fromEntries(
			Object.entries(inputs).map(([name, { type, required }]) => [name, { type, required }]),
		),
		secrets: Object.fromEntries(Object.entries(secrets).map(([name, { required }]) => [name, { required }])),
		outputs: Object.keys(outputs),
		permissions: toRequiredPermissions(workflow, resolve),
		waits: workflow.concurrency?.queue === 'max',
	};
};
