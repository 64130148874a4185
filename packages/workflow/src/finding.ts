import type { Finding } from '@slipway/core';
import type { CallerCode } from './code.ts';

/** One thing that is wrong with a workflow file: `message` is the cause, `hint` one action, with the line to write. */
export interface WorkflowFinding extends Finding {
	readonly code: CallerCode;
	/** Path of the workflow file in its repository. */
	readonly file: string;
	/** Where in it, as keys: `jobs.release.permissions`. */
	readonly place: string;
}
