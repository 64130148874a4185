import { assetRoutes } from '../routes/assets.ts';
import { attestationRoutes } from '../routes/attestations.ts';
import { commentRoutes } from '../routes/comments.ts';
import { commitRoutes } from '../routes/commits.ts';
import { contentRoutes } from '../routes/contents.ts';
import { dispatchRoutes } from '../routes/dispatches.ts';
import { environmentRoutes } from '../routes/environments.ts';
import { gitRefRoutes } from '../routes/git-refs.ts';
import { issueRoutes } from '../routes/issues.ts';
import { noteRoutes } from '../routes/notes.ts';
import { pullRoutes } from '../routes/pulls.ts';
import { releaseRoutes } from '../routes/releases.ts';
import { rulesetRoutes } from '../routes/rulesets.ts';
import { runRoutes } from '../routes/runs.ts';
import { settingRoutes } from '../routes/settings.ts';
import type { Route } from './call.ts';

/** The table of contents of the API. */
export const ROUTES: readonly Route[] = [
	...releaseRoutes,
	...assetRoutes,
	...noteRoutes,
	...gitRefRoutes,
	...contentRoutes,
	...commitRoutes,
	...pullRoutes,
	...commentRoutes,
	...issueRoutes,
	...dispatchRoutes,
	...attestationRoutes,
	...environmentRoutes,
	...rulesetRoutes,
	...runRoutes,
	...settingRoutes,
];
