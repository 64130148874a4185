import fc from 'fast-check';
import { readCorpus } from './corpus.ts';
import { toInputs } from './inputs.ts';
import { findProblem, type Target } from './target.ts';
import { TARGETS } from './targets.ts';

/** Broken copies of each corpus; `npm run fuzz` makes thousands. */
const RUNS = 20;
const SEED = 20_261_121;

/** One after the other: the processor time of each is measured. */
const inOrder = async <T, R>(list: readonly T[], task: (each: T) => Promise<R>): Promise<readonly R[]> => {
	const results: R[] = [];
	for (const each of list) results.push(await task(each));
	return results;
};

test('a reader that fails in words of its own, or in no time, is told from one that does not', async () => {
	const readers = [
		() => undefined,
		() => {
			throw new TypeError('x');
		},
		() => {
			const { user } = process.threadCpuUsage();
			while (process.threadCpuUsage().user - user < 150_000) Math.sqrt(2);
		},
	];
	const find = (read: () => void) => findProblem({ seeds: [], read }, /^A_/, new Uint8Array(), 100);
	expect(await inOrder(readers, find)).toEqual([
		undefined,
		'threw TypeError: x',
		expect.stringMatching(/^took \d+ ms/),
	]);
});

test('each parser has one name', () => {
	expect(new Set(TARGETS.map(({ name }) => name)).size).toBe(TARGETS.length);
});

test.each(TARGETS.map((target) => [target.name, target] as const))('%s', async (name, target: Target) => {
	const reader = await target.open();
	const seeds = readCorpus(name, reader);
	const find = (bytes: Uint8Array) => findProblem(reader, target.codes, bytes);
	const found = await inOrder(seeds, find);
	expect(found.filter((problem) => problem !== undefined)).toEqual([]);
	const inputs = toInputs({ seeds, words: reader.words, repair: reader.repair });
	for (const bytes of fc.sample(inputs, { numRuns: RUNS, seed: SEED }))
		expect([await find(bytes), Buffer.from(bytes).toString('latin1')]).toEqual([
			undefined,
			expect.anything(),
		]);
});
