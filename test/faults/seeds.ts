import { toScenario } from '../simulation/scenario.ts';
import { simulate } from '../simulation/simulate.ts';
import type { Tried } from './page.ts';
import { FAULT_ROWS } from './rows.ts';

/** What many seeds came to. */
export interface Seeds {
	readonly tried: number;
	readonly failed: readonly { readonly seed: number; readonly violations: readonly string[] }[];
	readonly runs: number;
	readonly kills: number;
	/** By the number of a fault: the seeds that had it in their story. */
	readonly rows: ReadonlyMap<string, Tried>;
}

const addTo = (rows: Map<string, Tried>, seed: number, isGood: boolean): void => {
	const scenario = toScenario(seed);
	for (const { number, isIn } of FAULT_ROWS) {
		if (!isIn?.(scenario)) continue;
		const { tried, passed } = rows.get(number) ?? { tried: 0, passed: 0 };
		rows.set(number, { tried: tried + 1, passed: passed + (isGood ? 1 : 0) });
	}
};

/** Tells the stories of `count` seeds. */
export const trySeeds = async (first: number, count: number): Promise<Seeds> => {
	const rows = new Map<string, Tried>();
	const failed: Seeds['failed'][number][] = [];
	let runs = 0;
	let kills = 0;
	for (let seed = first; seed < first + count; seed += 1) {
		const outcome = await simulate(seed);
		runs += outcome.runs;
		kills += outcome.kills;
		if (outcome.violations.length > 0) failed.push({ seed, violations: outcome.violations });
		addTo(rows, seed, outcome.violations.length === 0);
	}
	return { tried: count, failed, runs, kills, rows };
};

/** Tells one story, line by line. @returns whether all went as it has to */
export const tellSeed = async (seed: number): Promise<boolean> => {
	const { story, violations, ends, runs } = await simulate(seed, { isTold: true });
	console.log(story.join('\n'));
	console.log(`\nseed ${seed}: ${runs} runs; ${ends.join('; ')}`);
	for (const violation of violations) console.log(`FAILED  ${violation}`);
	return violations.length === 0;
};
