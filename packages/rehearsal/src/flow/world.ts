import type { Context } from '@slipway/core';
import type { Argv } from '@slipway/process';
import type { RehearsalFailure } from '@slipway/report';
import type { FaultDefinition } from '../faults/fault.ts';
import type { Services } from '../services/start-services.ts';
import type { Steps } from '../steps.ts';

/** What the rehearsals of all projects share. */
export interface World {
	/** Of this rehearsal alone. */
	readonly folder: string;
	/** What the apt server shows: one repository a project and target. */
	readonly aptFolder: string;
	/** Where Node keeps compiled code from one rehearsal to the next. */
	readonly compileCache: string;
	readonly command: Argv;
	/** The user's own environment. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly context: Context;
	readonly steps: Steps;
	readonly services: Promise<Services>;
	/** The registry that npm is configured to use. */
	readonly registry: Promise<string | undefined>;
	readonly fault: FaultDefinition | undefined;
	readonly failures: RehearsalFailure[];
}
