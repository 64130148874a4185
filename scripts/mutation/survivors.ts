import { readFileSync } from 'node:fs';
import type { Results, Survivor } from './results.ts';

/** Why a mutant may survive: it behaves as the code does, or what it changes is not worth a test. */
export interface Explanation {
	readonly was: string;
	readonly now: string;
	readonly reason: string;
}

const EXPLANATIONS = new URL('survivors.json', import.meta.url);

export const readExplanations = (): Readonly<Record<string, readonly Explanation[]>> =>
	JSON.parse(readFileSync(EXPLANATIONS, 'utf8'));

/** Survivors of the files that nobody explained yet. */
export const findUnexplained = (results: Results): readonly (Survivor & { readonly path: string })[] => {
	const explanations = readExplanations();
	return Object.entries(results).flatMap(([path, { survivors }]) =>
		survivors
			.filter(({ was, now }) => !explanations[path]?.some((known) => known.was === was && known.now === now))
			.map((survivor) => ({ ...survivor, path })),
	);
};
