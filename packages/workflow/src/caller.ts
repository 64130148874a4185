import { toPrintable } from '@slipway/core';
import type { Contract, Library } from './contract.ts';
import type { Job, Workflow } from './workflow.ts';

/** A job that calls another workflow, and what that one expects. */
export interface Call {
	readonly job: Job;
	readonly uses: string;
	readonly contract: Contract;
}

/** A workflow file that has to do with the library: it calls its workflows or uses its actions. */
export interface Caller {
	readonly workflow: Workflow;
	readonly calls: readonly Call[];
	readonly library: Library;
}

/** True for a workflow that something else than another workflow starts. */
export const isEntry = ({ triggers }: Workflow): boolean =>
	triggers.some((trigger) => trigger !== 'workflow_call');

/** Names from a foreign file as they are shown in messages. */
export const toShown = (text: string): string => toPrintable(text, 120);

export const toJobPlace = ({ id }: Job, key?: string): string =>
	['jobs', toShown(id), ...(key ? [key] : [])].join('.');
