import type { Mutant } from './mutant.ts';

/** One mistake in each reusable workflow at least. */
export const MUTANTS: readonly Mutant[] = [];
