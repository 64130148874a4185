import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from 'recheck';
import { collectRegexes, type FoundRegex } from './collect.ts';
import { EXCEPTIONS } from './exceptions.ts';

const FILE = join(import.meta.dirname, 'judged.txt');

export const toKey = ({ source, flags }: { readonly source: string; readonly flags: string }): string =>
	`/${source}/${flags}`;

/** What is wrong with a pattern as recheck sees it; undefined for one that is linear. */
export const findSlowness = async ({ source, flags }: FoundRegex): Promise<string | undefined> => {
	const verdict = await check(source, flags, { timeout: 10_000, randomSeed: 1 });
	if (verdict.status === 'safe') return undefined;
	return verdict.status === 'vulnerable' ? verdict.complexity.summary : verdict.error.kind;
};

/**
 * Patterns that recheck has found to be linear, so that only others are looked at again: each costs it up to seconds. It
 * searches for slow inputs, and on a busy machine gives up on a few that it judges at other times.
 */
export const readJudged = (): ReadonlySet<string> =>
	new Set(readFileSync(FILE, 'utf8').trimEnd().split('\n'));

/** Patterns of the product that are neither excepted nor judged. */
export const findUnjudged = (judged: ReadonlySet<string>): readonly FoundRegex[] => {
	const excepted = new Set(EXCEPTIONS.map(({ pattern }) => toKey(pattern)));
	return collectRegexes().literals.filter(
		(found) => !excepted.has(toKey(found)) && !judged.has(toKey(found)),
	);
};

/** `node test/regexes/judged.ts`: judges what is new, and writes down what is linear and still there. */
if (import.meta.main) {
	const judged = new Set(readJudged());
	for (const found of findUnjudged(judged)) {
		const slowness = await findSlowness(found);
		console.log(`${slowness ?? 'linear'}: ${toKey(found)} in ${found.files.join(', ')}`);
		if (slowness === undefined) judged.add(toKey(found));
	}
	const present = new Set(collectRegexes().literals.map(toKey));
	writeFileSync(
		FILE,
		`${[...judged]
			.filter((key) => present.has(key))
			.sort()
			.join('\n')}\n`,
	);
}
