// `npm run races`: twenty publisher processes on one apt repository on each store, while users read it; releases of one
// project at once; runs that were suspended and wake up too late; a dist-tag that somebody else moves. What every process
// was told is recorded in out/races and checked against a model. Arguments: names of races (default: all), `--seed N` (the
// mix of operations of a run before), `--processes N`.
import { parseArgs } from 'node:util';
import { findTool } from '@slipway/testing';
import { RACES } from '../test/races/races.ts';
import type { RaceRow } from '../test/races/row.ts';
import { toCountsLine, writeCounts } from './counts.ts';
import { installStores } from './stores/install.ts';
import { provideSystemPackages } from './system-packages.ts';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { seed: { type: 'string' }, processes: { type: 'string', default: '20' } },
});

const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const processes = Number(values.processes);
const unknown = positionals.filter((name) => !RACES.some((race) => race.name === name));
if (unknown.length > 0 || !Number.isSafeInteger(seed) || !(processes > 0)) {
	console.error(`expected names of ${RACES.map(({ name }) => name).join(', ')}, --seed N, --processes N`);
	process.exit(2);
}

const COLUMNS = ['race', 'processes', 'operations', 'conflicts', 'updates', 'seconds', 'result'] as const;

const toCells = (row: RaceRow): readonly string[] => [
	row.name,
	String(row.processes),
	String(row.operations),
	String(row.conflicts),
	String(row.updates),
	row.seconds.toFixed(0),
	row.problems.length === 0 ? 'passed' : 'FAILED',
];

const printTable = (rows: readonly RaceRow[]): void => {
	const lines = [COLUMNS, ...rows.map(toCells)];
	const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
	console.log();
	for (const line of lines)
		console.log(
			line
				.map((cell, column) =>
					column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
				)
				.join('  '),
		);
};

type Race = (typeof RACES)[number];

/** A race that did not come to its end has found nothing, good or bad. */
interface Ended {
	readonly rows: readonly RaceRow[];
	readonly brokeOff: boolean;
}

const runOnce = async ({ name, run }: Race): Promise<Ended> => {
	try {
		return { rows: await run({ seed, processes }), brokeOff: false };
	} catch (thrown) {
		const problems = [thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)];
		const none = { processes: 0, operations: 0, conflicts: 0, updates: 0, seconds: 0 };
		return { rows: [{ name, ...none, problems, notes: [] }], brokeOff: true };
	}
};

/** In CI, whose machines may stand still for seconds, a race that broke off is run once more. What one finds stays found. */
const runOne = async (race: Race): Promise<readonly RaceRow[]> => {
	const first = await runOnce(race);
	if (!first.brokeOff || !process.env.CI) return first.rows;
	console.error(`TRIED AGAIN: ${race.name}, which broke off: ${first.rows[0]?.problems[0]}`);
	const { rows } = await runOnce(race);
	if (rows.every(({ problems }) => problems.length === 0))
		console.error(`PASSED ONLY WHEN TRIED AGAIN: ${race.name}`);
	return rows;
};

provideSystemPackages();
const chosen = RACES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.some(({ needs }) => needs === 'servers') && findTool('go')) await installStores();
console.log(`seed ${seed}: npm run races -- --seed ${seed}`);
const rows: RaceRow[] = [];
let skipped = 0;
for (const race of chosen) {
	const missing = race.findMissing?.();
	if (missing !== undefined && !process.env.CI) {
		console.error(`SKIPPED: ${race.name} needs ${missing}`);
		skipped += 1;
		continue;
	}
	for (const row of await runOne(race)) {
		rows.push(row);
		console.log(`${row.problems.length === 0 ? 'ok    ' : 'FAILED'}  ${row.name}: ${row.notes.join('; ')}`);
		for (const problem of row.problems) console.log(`        ${problem.replaceAll('\n', '\n        ')}`);
	}
}
printTable(rows);
const failed = rows.filter(({ problems }) => problems.length > 0).length;
const counts = { passed: rows.length - failed, failed, skipped };
writeCounts('races', counts);
console.log(`\n${toCountsLine(counts)} (seed ${seed})`);
process.exitCode = failed === 0 && rows.length > 0 ? 0 : 1;
