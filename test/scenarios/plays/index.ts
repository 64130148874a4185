import type { Scenario } from '../scenario.ts';
import { abort } from './abort.ts';
import { again, againFromNothing } from './again.ts';
import { approval } from './approval.ts';
import { cancel } from './cancel.ts';
import { goOn } from './continue.ts';
import { gate } from './gate.ts';
import { pullRequest } from './pull-request.ts';
import { release } from './release.ts';
import { rollback } from './rollback.ts';
import { STARTERS } from './starters.ts';
import { twoTags } from './two-tags.ts';
import { watch } from './watch.ts';

/** All scenarios, those that take longest first. */
export const SCENARIOS: readonly Scenario[] = [
	rollback,
	again,
	againFromNothing,
	twoTags,
	goOn,
	abort,
	cancel,
	gate,
	approval,
	watch,
	pullRequest,
	release,
	...STARTERS,
];
