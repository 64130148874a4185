import type { Scenario } from '../scenario.ts';
import { release } from './release.ts';

/** All scenarios, those that take longest first. */
export const SCENARIOS: readonly Scenario[] = [release];
