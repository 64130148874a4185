// Each rule for workflows sees what it is for: a mutant of one of our files turns it red.
import { REFERENCES, RIGHTS, readTexts, SHAPE, toRepository } from './workflow-rules/index.ts';
import type { Mutant } from './workflow-rules/mutant.ts';
import { MUTANTS } from './workflow-rules/mutants.ts';

const RULES = { ...SHAPE, ...REFERENCES, ...RIGHTS };
const texts = readTexts();
const original = toRepository(texts);

const toMutated = ({ file, from, to }: Mutant): string => {
	const text = texts[file] ?? '';
	const mutated = text.replace(from, () => to);
	if (mutated === text) throw new Error(`expected ${file} to hold ${from}`);
	return mutated;
};

test.each(MUTANTS)('"$rule" sees it in $file: $from', (mutant) => {
	const repository = toRepository({ ...texts, [mutant.file]: toMutated(mutant) }, original);
	const told = repository.files.flatMap((file) => RULES[mutant.rule]?.(file, repository) ?? []);
	expect(told).not.toEqual([]);
	// Told in a few words, about the mutant and not about everything.
	expect(told.length).toBeLessThanOrEqual(4);
});

test('every rule has a mutant', () => {
	const rules = new Set(MUTANTS.map(({ rule }) => rule));
	expect(Object.keys(RULES).filter((rule) => !rules.has(rule))).toEqual([]);
	expect([...rules].filter((rule) => !Object.hasOwn(RULES, rule))).toEqual([]);
});
