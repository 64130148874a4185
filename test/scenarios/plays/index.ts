import type { Scenario } from '../scenario.ts';
import { abort } from './abort.ts';
import { goOn } from './continue.ts';
import { pullRequest } from './pull-request.ts';
import { release } from './release.ts';
import { rollback } from './rollback.ts';
import { watch } from './watch.ts';

/** All scenarios, those that take longest first. */
export const SCENARIOS: readonly Scenario[] = [rollback, goOn, abort, watch, pullRequest, release];
