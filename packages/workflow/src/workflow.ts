import type { Grant } from './permissions.ts';

export type Scalar = string | number | boolean | null;
export type InputType = 'string' | 'number' | 'boolean';

/** An input that a caller, or a person who dispatches, may give. */
export interface Input {
	/** `choice` and `environment` of a dispatch are strings. */
	readonly type: InputType;
	readonly required: boolean;
	readonly description: string;
	readonly default?: Scalar;
}

export interface Secret {
	readonly required: boolean;
	readonly description: string;
}

/** One `run:` or `uses:`. */
export interface Step {
	readonly id?: string;
	readonly run?: string;
	readonly uses?: string;
	readonly with: Readonly<Record<string, Scalar>>;
	readonly env: Readonly<Record<string, Scalar>>;
}

/** Steps on a runner, or the call of another workflow (`uses`). */
export interface Job {
	readonly id: string;
	readonly name?: string;
	/** undefined: not said, which means the workflow's, else the default of the repository. */
	readonly permissions?: Grant;
	readonly needs: readonly string[];
	readonly condition?: string;
	readonly environment?: string;
	readonly concurrency?: Concurrency;
	readonly timeoutMinutes?: Scalar;
	readonly outputs: Readonly<Record<string, Scalar>>;
	readonly uses?: string;
	readonly with: Readonly<Record<string, Scalar>>;
	readonly secrets: 'inherit' | Readonly<Record<string, Scalar>>;
	readonly env: Readonly<Record<string, Scalar>>;
	readonly steps: readonly Step[];
}

export interface Concurrency {
	readonly group: string;
	readonly cancels: Scalar;
	readonly queue?: string;
}

/** What `on.workflow_call` declares. */
export interface Interface {
	readonly inputs: Readonly<Record<string, Input>>;
	readonly secrets: Readonly<Record<string, Secret>>;
	readonly outputs: Readonly<Record<string, { readonly value: string; readonly description: string }>>;
}

/** A workflow file as far as calls and rights are concerned. Expressions are texts. */
export interface Workflow {
	/** Where it lies in its repository, with `/`. */
	readonly path: string;
	readonly name?: string;
	/** Names of the events that start it. */
	readonly triggers: readonly string[];
	/** undefined: nobody can call it. */
	readonly call?: Interface;
	readonly dispatchInputs: Readonly<Record<string, Input>>;
	readonly permissions?: Grant;
	readonly concurrency?: Concurrency;
	readonly env: Readonly<Record<string, Scalar>>;
	readonly jobs: readonly Job[];
}

/** What the job's token may do; undefined where neither the job nor the workflow says. */
export const toGrant = (workflow: Workflow, job: Job): Grant | undefined =>
	job.permissions ?? workflow.permissions;
