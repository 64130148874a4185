// For mutants of the transaction: each story of the simulation as a test of its own, so that only those are told again that
// reach what was changed. `npm run faults` tells ten thousand.
import { simulate } from '../../test/simulation/simulate.ts';

const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);

test.each(SEEDS)('the story of seed %d ends well', async (seed) => {
	expect((await simulate(seed)).violations).toEqual([]);
});
