import type { Context } from '@slipway/core';
import type { GitHubRest } from '@slipway/github';
import type { OpenProject } from '../join/project.ts';
import type { Observation } from './observation.ts';

/** What every look is given. Nothing of it may be changed: a doctor only reads. */
export interface Examination {
	readonly project: OpenProject;
	/** The repository at GitHub, where one is known. */
	readonly rest: GitHubRest | undefined;
	readonly context: Context;
}

/** One look; `about` names it where it comes to no end. */
export interface Check {
	readonly about: string;
	readonly look: (examination: Examination) => Promise<readonly Observation[]>;
}
