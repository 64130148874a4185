// `npm run scenarios`: every reusable workflow and starter runs, whole, on act, against local servers of everything they
// talk to; then each workflow once more with a mistake in it, which has to be noticed. Arguments: names; default: all.
// --patience N: each may take N times as long, on a machine that is busy.
// --source: actions run from their source instead of their bundles, which is quick while one of them is written.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findTool } from '@slipway/testing';
import { expandLibrary, replaceWorkflows } from '../test/scenarios/act/expand-library.ts';
import { Unexpected } from '../test/scenarios/expectation.ts';
import { type Mutant, playMutant, toMutation } from '../test/scenarios/mutant.ts';
import { MUTANTS } from '../test/scenarios/mutants.ts';
import { type Outcome, play } from '../test/scenarios/play.ts';
import { SCENARIOS } from '../test/scenarios/plays/index.ts';
import { provideBundles } from './bundle-all.ts';
import { type Counts, toCountsLine, writeCounts } from './counts.ts';
import { installAct } from './scenarios/act.ts';
import { writeSourceBundles } from './scenarios/source-bundles.ts';
import { provideSystemPackages } from './system-packages.ts';

/** Scenarios that play side by side: each mostly waits for processes, one after the other. */
const PARALLEL = Math.max(2, availableParallelism()) + 1;
const LIBRARY = 'slipway-project/slipway';

type Task = () => Promise<Outcome>;

/** More scenarios than this do not fail because a machine was busy. */
const MOST_PLAYED_TWICE = 3;

const end = (counts: Counts): never => {
	writeCounts('scenarios', counts);
	console.log(toCountsLine(counts));
	process.exit(counts.failed > 0 ? 1 : 0);
};

/** Where no workflow can run: a laptop goes on with a loud line, CI fails. */
const refuse = (reason: string): never => {
	console.error(`SKIPPED: no workflow was run: ${reason}`);
	return end(process.env.CI ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: 1 });
};

const tell = ({ scenario, failure, seconds, notes }: Outcome): void => {
	console.log(
		`${failure ? 'FAILED ' : 'ok     '} ${scenario.name}: ${scenario.title} (${seconds.toFixed(1)} s)`,
	);
	for (const note of notes) console.log(`        ${note}`);
	if (!failure) return;
	const text =
		failure instanceof Unexpected ? `${failure.message}\n${failure.log}` : (failure.stack ?? failure.message);
	console.log(text.trimEnd().replaceAll(/^/gm, '        '));
};

const work = async (tasks: Task[], outcomes: Map<Task, Outcome>): Promise<void> => {
	for (let task = tasks.shift(); task; task = tasks.shift()) {
		const outcome = await task();
		tell(outcome);
		outcomes.set(task, outcome);
	}
};

const toFailed = (outcomes: ReadonlyMap<Task, Outcome>): readonly Task[] =>
	[...outcomes].filter(([, { failure }]) => failure !== undefined).map(([task]) => task);

/**
 * In CI, whose machines may stand still for seconds, what failed is played once more, alone, and that is said: what is
 * wrong fails again.
 */
const playAgain = async (outcomes: Map<Task, Outcome>): Promise<void> => {
	const failed = toFailed(outcomes);
	if (!process.env.CI || failed.length === 0 || failed.length > MOST_PLAYED_TWICE) return;
	const toNames = (tasks: readonly Task[]): string =>
		tasks.map((task) => outcomes.get(task)?.scenario.name).join(', ');
	console.error(`TRIED AGAIN, one after the other: ${toNames(failed)}`);
	await work([...failed], outcomes);
	const passed = failed.filter((task) => outcomes.get(task)?.failure === undefined);
	if (passed.length > 0) console.error(`PASSED ONLY WHEN TRIED AGAIN: ${toNames(passed)}`);
};

const { values, positionals } = parseArgs({
	options: { source: { type: 'boolean' }, patience: { type: 'string' } },
	allowPositionals: true,
});

/** Machines of CI may be slow: a limit is there to end what hangs, not to measure. */
const patience = Number(values.patience ?? (process.env.CI ? 4 : 1));

const toTasks = async (folder: string, act: string, names: readonly string[]): Promise<Task[]> => {
	const isWanted = ({ name }: { readonly name: string }): boolean =>
		names.length === 0 || names.includes(name);
	const bundles = values.source ? writeSourceBundles(join(folder, 'source')) : await provideBundles(false);
	const ref = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
	const source = { root: process.cwd(), bundles, name: LIBRARY, ref };
	const library = await expandLibrary(source, join(folder, 'library'));
	const toMutantTask = (mutant: Mutant): Task => {
		const mutated = { ...source, mutate: toMutation(mutant) };
		return async () =>
			playMutant(
				mutant,
				{ act, patience },
				await replaceWorkflows(library, mutated, join(folder, mutant.name)),
			);
	};
	return [
		...SCENARIOS.filter(isWanted).map((scenario) => () => play(scenario, { act, library, patience })),
		...MUTANTS.filter(isWanted).map(toMutantTask),
	];
};

provideSystemPackages();
const missing = ['go', 'git', 'openssl', 'apt-get'].filter((tool) => findTool(tool) === undefined);
if (missing.length > 0) refuse(`that needs ${missing.join(', ')}`);
const act = await installAct().catch((error: Error) =>
	refuse(`act could not be installed: ${error.message}`),
);
const folder = mkdtempSync(join(tmpdir(), 'slipway-scenarios-'));
const started = performance.now();
try {
	const tasks = await toTasks(folder, act, positionals);
	if (tasks.length === 0)
		throw new Error(`expected names among ${[...SCENARIOS, ...MUTANTS].map(({ name }) => name).join(', ')}`);
	const outcomes = new Map<Task, Outcome>();
	await Promise.all(Array.from({ length: PARALLEL }, () => work(tasks, outcomes)));
	await playAgain(outcomes);
	const failed = toFailed(outcomes).length;
	console.log(`${outcomes.size} scenarios in ${Math.round((performance.now() - started) / 1000)} s`);
	rmSync(folder, { recursive: true, force: true });
	end({ passed: outcomes.size - failed, failed, skipped: 0 });
} finally {
	rmSync(folder, { recursive: true, force: true });
}
