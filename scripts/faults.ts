// `npm run faults`: tells simulated stories of 10,000 seeds; kills release, abort, rollback, restore and compensation before and
// after every durable step that they have, lets each go on, and compares with a run that nobody killed; kills some twice or three
// times; then lets requests and replies fail, and suspends runs that others overtake; then lets signing services fail. What
// repeats is sampled, and said. Prints one table of all faults, those that other suites try too.
// Arguments: names of operations (default: all six). --seed N tells one story, --seeds N tells stories alone, --write-page
// writes the counts into docs/explanation/faults.md, --page-only those of the last run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { findTool } from '@slipway/testing';
import { bundleCommand } from '../test/faults/bundled-command.ts';
import { OPERATIONS, prepare } from '../test/faults/operations.ts';
import { type Extent, type Tried, toFaultsPage } from '../test/faults/page.ts';
import { readReference } from '../test/faults/points.ts';
import { FAULT_ROWS } from '../test/faults/rows.ts';
import { type Seeds, tellSeed } from '../test/faults/seeds.ts';
import { trySeedsApart } from '../test/faults/seeds-apart.ts';
import { countSuites } from '../test/faults/suites.ts';
import { type Trial, toMultiKills, toTrials } from '../test/faults/trial.ts';
import { startWorld, type World } from '../test/faults/world.ts';
import { toCountsLine, writeCounts } from './counts.ts';
import { provideSystemPackages } from './system-packages.ts';

/** Worlds that work side by side: each mostly waits for processes. */
const WORLDS = 2;

interface Row {
	readonly fault: string;
	tried: number;
	passed: number;
}

const toRow = (rows: Map<string, Row>, fault: string): Row => {
	const row = rows.get(fault) ?? { fault, tried: 0, passed: 0 };
	rows.set(fault, row);
	return row;
};

const tryAll = async (world: World, queue: Trial[], rows: Map<string, Row>): Promise<void> => {
	for (let next = queue.shift(); next; next = queue.shift()) {
		const row = toRow(rows, next.row);
		row.tried += 1;
		try {
			await next.run(world);
			row.passed += 1;
			console.log(`ok      ${next.row.slice(0, 3)} ${next.name}`);
		} catch (thrown) {
			const reason = String(thrown).replaceAll('\n', '\n        ');
			console.log(`FAILED  ${next.row.slice(0, 3)} ${next.name}\n        ${reason}`);
		}
	}
};

const add = (one: Tried = { tried: 0, passed: 0 }, other: Tried = { tried: 0, passed: 0 }): Tried => ({
	tried: one.tried + other.tried,
	passed: one.passed + other.passed,
});

type Totals = ReadonlyMap<string, Tried>;

/** What was tried of each fault in real processes and in stories. */
const toOwn = (rows: readonly Row[], seeds: Seeds): Totals =>
	new Map(
		FAULT_ROWS.map(({ number }) => {
			const inProcesses = rows.filter(({ fault }) => fault.slice(0, 3).trim() === number);
			return [number, inProcesses.reduce<Tried>(add, add(seeds.rows.get(number)))];
		}),
	);

/** Where a run leaves what it tried itself, for a page that is written when the suites have run too. */
const OWN_FILE = '.cache/results/faults-tried.json';

interface Own {
	readonly extent: Extent;
	readonly totals: Totals;
}

const readOwn = (): Own => {
	const { extent, totals } = JSON.parse(readFileSync(OWN_FILE, 'utf8'));
	return { extent, totals: new Map(totals) };
};

const leaveOwn = ({ extent, totals }: Own): void => {
	mkdirSync(dirname(OWN_FILE), { recursive: true });
	writeFileSync(OWN_FILE, JSON.stringify({ extent, totals: [...totals] }));
};

/** Together with what the suites tried when they last ran. */
const withSuites = (own: Totals): Totals =>
	new Map(FAULT_ROWS.map(({ number, suites }) => [number, add(own.get(number), countSuites(suites))]));

const writePage = ({ extent, totals }: Own): void =>
	writeFileSync('docs/explanation/faults.md', toFaultsPage(withSuites(totals), extent));

const printRows = (rows: readonly (Tried & { readonly fault: string })[]): void => {
	const width = Math.max(...rows.map(({ fault }) => fault.length));
	console.log(`\n${'fault'.padEnd(width)}  tried  passed`);
	for (const { fault, tried, passed } of rows)
		console.log(`${fault.padEnd(width)}  ${String(tried).padStart(5)}  ${String(passed).padStart(6)}`);
};

const printTable = (rows: readonly Row[], totals: Totals): void => {
	if (rows.length > 0) printRows(rows);
	console.log(
		'\nAll that was tried of each fault: above, in stories, and by suites when they last ran here.',
	);
	printRows(
		FAULT_ROWS.map(({ number, what, none }) => ({
			fault: `${number.padEnd(4)}${none ?? what}`,
			...(totals.get(number) ?? { tried: 0, passed: 0 }),
		})),
	);
};

const SEEDS = 10_000;

const tellStories = async (count: number): Promise<Seeds> => {
	const started = performance.now();
	const seeds = await trySeedsApart(1, count);
	for (const { seed, violations } of seeds.failed)
		console.log(
			`FAILED  F2  seed ${seed} (npm run faults -- --seed ${seed})\n        ${violations.join('\n        ')}`,
		);
	const { tried, runs, kills, failed } = seeds;
	const seconds = Math.round((performance.now() - started) / 1000);
	console.log(
		`${tried} simulated stories, ${runs} runs, ${kills} of them killed: ${failed.length} failed, in ${seconds} s`,
	);
	return seeds;
};

/**
 * What CI has time for, of operations whose steps are alike; `npm run faults` elsewhere tries all. Moments before and after a
 * step follow each other: of both some are in every share.
 */
const CI_SHARES: Readonly<Record<string, (index: number) => boolean>> = {
	release: (index) => [0, 1, 2, 5].includes(index % 6),
	'signed release': (index) => index % 5 === 0,
	abort: (index) => [0, 3].includes(index % 4),
	rollback: (index) => [0, 3].includes(index % 8),
	restore: (index) => [1, 6].includes(index % 8),
	compensation: (index) => [2, 5].includes(index % 8),
};
const toOwnShare = (name: string, trials: readonly Trial[]): readonly Trial[] => {
	const isOurs = process.env.CI ? CI_SHARES[name] : undefined;
	if (!isOurs) return trials;
	const share = trials.filter((_, index) => isOurs(index));
	console.log(`  left out in CI: ${trials.length - share.length} of ${trials.length}`);
	return share;
};

/** In CI as many as it has time for; each is three or four runs. */
const MULTI_KILLS = process.env.CI ? 4 : 50;

const runFaults = async (worlds: readonly World[], names: readonly string[]): Promise<readonly Row[]> => {
	await Promise.all(worlds.map(prepare));
	const [first] = worlds;
	if (!first) return [];
	const queue: Trial[] = [];
	for (const operation of OPERATIONS.filter(({ name }) => names.length === 0 || names.includes(name))) {
		const reference = await readReference(first, operation);
		const { trials, possible, leftOut } = toTrials(reference);
		console.log(`${operation.name}: ${trials.length} trials, ${possible} possible at its steps`);
		for (const what of leftOut) console.log(`  left out: ${what}`);
		queue.push(...toOwnShare(operation.name, trials));
		if (operation.signs || operation.takesBack) continue;
		const seeds = Array.from({ length: MULTI_KILLS }, (_, index) => index + 1);
		queue.push(...toMultiKills(reference, seeds));
	}
	console.log(`${queue.length} trials`);
	const rows = new Map<string, Row>();
	await Promise.all(worlds.map((world) => tryAll(world, queue, rows)));
	return [...rows.values()].sort((a, b) => (a.fault < b.fault ? -1 : 1));
};

const tryProcesses = async (names: readonly string[]): Promise<readonly Row[]> => {
	const command = await bundleCommand();
	const worlds = await Promise.all(Array.from({ length: WORLDS }, () => startWorld(command)));
	try {
		return await runFaults(worlds, names);
	} finally {
		await Promise.all(worlds.map((world) => world.stop()));
	}
};

const isWithTools = (): boolean => {
	provideSystemPackages();
	const missing = ['strace', 'cc'].filter((tool) => findTool(tool) === undefined);
	if (missing.length > 0) console.error(`SKIPPED: faults in real processes need ${missing.join(' and ')}`);
	return missing.length === 0;
};

const runAll = async (
	names: readonly string[],
	{ count, isPageWritten }: { count: number; isPageWritten: boolean },
) => {
	const started = performance.now();
	const hasTools = isWithTools();
	const [seeds, rows] = await Promise.all([tellStories(count), hasTools ? tryProcesses(names) : []]);
	const own: Own = { extent: process.env.CI ? 'the share of CI' : 'all', totals: toOwn(rows, seeds) };
	leaveOwn(own);
	printTable(rows, withSuites(own.totals));
	if (isPageWritten) writePage(own);
	const all = rows.reduce<Tried>(add, { tried: seeds.tried, passed: seeds.tried - seeds.failed.length });
	const failed = all.tried - all.passed + (hasTools || !process.env.CI ? 0 : 1);
	const counts = { passed: all.passed, failed, skipped: hasTools || process.env.CI ? 0 : 1 };
	writeCounts('faults', counts);
	console.log(`\n${toCountsLine(counts)} in ${Math.round((performance.now() - started) / 1000)} s`);
	return failed === 0;
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		seed: { type: 'string' },
		seeds: { type: 'string' },
		'write-page': { type: 'boolean', default: false },
		'page-only': { type: 'boolean', default: false },
	},
});
const tellOnly = async (count: number): Promise<boolean> => (await tellStories(count)).failed.length === 0;
const writeOnly = (): boolean => {
	writePage(readOwn());
	return true;
};
const isGood = values['page-only']
	? writeOnly()
	: values.seed !== undefined
		? await tellSeed(Number(values.seed))
		: values.seeds !== undefined
			? await tellOnly(Number(values.seeds))
			: await runAll(positionals, { count: SEEDS, isPageWritten: values['write-page'] });
process.exitCode = isGood ? 0 : 1;
