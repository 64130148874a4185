import { LIBRARY, type Permissions } from '@slipway/workflow';

export type CalledWorkflow = 'release' | 'continue' | 'rollback' | 'check' | 'watch';

/** What a caller must grant: the union over the jobs of a reusable workflow and of those that it calls, as generated from them. */
export const toCallPermissions = (workflow: CalledWorkflow): Permissions =>
	LIBRARY.workflows[`.github/workflows/${workflow}.yml`]?.permissions ?? {};
