// The thread in which targets are tried: a reader that hangs or eats the memory takes only this thread with it.
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { readCorpus } from './corpus.ts';
import { toInputs } from './inputs.ts';
import { minimize } from './minimize.ts';
import { findProblem, type Reader, type Target } from './target.ts';
import { TARGETS } from './targets.ts';

/** What the thread is started with. */
export interface Work {
	readonly names: readonly string[];
	readonly seed: number;
	/** When to end, ms since 1970. */
	readonly until: number;
	/** Length, then bytes, of the input that is being read: what a hang is reported with. */
	readonly input: SharedArrayBuffer;
}

export type Report =
	| { readonly kind: 'begin'; readonly name: string; readonly seed: number }
	/** An input was slow or refused badly, and is being cut: the thread lives. */
	| { readonly kind: 'cutting'; readonly name: string }
	| { readonly kind: 'runs'; readonly name: string; readonly runs: number }
	| { readonly kind: 'problem'; readonly name: string; readonly problem: string; readonly bytes: Uint8Array };

const BATCH_MS = 400;
const BATCH_RUNS = 10_000;

interface Open {
	readonly target: Target;
	readonly reader: Reader;
	readonly inputs: fc.Arbitrary<Uint8Array>;
}

const { names, seed, until, input } = workerData as Work;
const length = new Uint32Array(input, 0, 1);
const held = new Uint8Array(input, 4);

const tell = (report: Report): void => parentPort?.postMessage(report);

const tryInput = ({ target, reader }: Open, bytes: Uint8Array): Promise<string | undefined> => {
	length[0] = bytes.length;
	held.set(bytes);
	return findProblem(reader, target.codes, bytes);
};

const open = async (target: Target): Promise<Open> => {
	const reader = await target.open();
	const seeds = readCorpus(target.name, reader);
	return { target, reader, inputs: toInputs({ seeds, words: reader.words, repair: reader.repair }) };
};

/** @returns false once a problem was told: the same one would be found again and again */
const runBatch = async (opened: Open, batchSeed: number): Promise<boolean> => {
	const { name } = opened.target;
	tell({ kind: 'begin', name, seed: batchSeed });
	const { failed, counterexample, numRuns } = await fc.check(
		fc.asyncProperty(opened.inputs, async (bytes) => (await tryInput(opened, bytes)) === undefined),
		{ seed: batchSeed, numRuns: BATCH_RUNS, interruptAfterTimeLimit: BATCH_MS, includeErrorInReport: false },
	);
	tell({ kind: 'runs', name, runs: numRuns });
	const [found] = counterexample ?? [];
	if (!failed || !found) return true;
	const bytes = await minimize(found, async (each) => {
		tell({ kind: 'cutting', name });
		return (await tryInput(opened, each)) !== undefined;
	});
	const problem = (await tryInput(opened, bytes)) ?? 'not seen again';
	tell({ kind: 'problem', name, problem, bytes });
	return false;
};

const opened = await Promise.all(TARGETS.filter(({ name }) => names.includes(name)).map(open));
const clean = new Set(opened);
// The first round is finished whatever it takes: on a slow machine, too, nothing goes untried.
for (let round = 0; (round === 0 || Date.now() < until) && clean.size > 0; round += 1)
	for (const each of clean) {
		if (round > 0 && Date.now() >= until) break;
		if (!(await runBatch(each, seed + round))) clean.delete(each);
	}
