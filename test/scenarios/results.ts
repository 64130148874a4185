import type { JobResults } from './expectation.ts';

/** How the jobs of the callers and the reusable workflows end where all goes well. */

const OTHER_OPERATIONS = { continue: 'skipped', rollback: 'skipped' } as const;

const BUILT: JobResults = {
	build: 'success',
	prove: 'success',
	join: 'success',
	sign: 'success',
	gate: 'success',
};

export const PUBLISHED: JobResults = {
	claim: 'success',
	npm: 'success',
	apt: 'success',
	github: 'success',
	approve: 'skipped',
	expose: 'success',
	consumer: 'success',
	record: 'success',
};

/** A tag was pushed, to npm, apt and GitHub. */
export const RELEASED: JobResults = { ...OTHER_OPERATIONS, ...BUILT, ...PUBLISHED, notice: 'skipped' };

/** `continue` was dispatched. */
export const CONTINUED: JobResults = { release: 'skipped', rollback: 'skipped', ...PUBLISHED };

/** `rollback`, `restore` or `abort` was dispatched. */
export const HAULED_BACK: JobResults = {
	release: 'skipped',
	continue: 'skipped',
	'dry-run': 'success',
	approve: 'skipped',
	act: 'success',
	notice: 'success',
};
