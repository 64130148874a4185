// `npm run faults`: kills release, abort, rollback, restore and compensation before and after every durable step that they have, lets
// each go on, and compares with a run that nobody killed; then lets requests and replies fail, and suspends runs that
// others overtake; then lets signing services fail. What repeats is sampled, and said. Arguments: names of operations;
// default: all six.
import { findTool } from '@slipway/testing';
import { OPERATIONS, prepare } from '../test/faults/operations.ts';
import { readReference } from '../test/faults/points.ts';
import { type Trial, toTrials } from '../test/faults/trial.ts';
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

const printTable = (rows: readonly Row[]): void => {
	const width = Math.max(...rows.map(({ fault }) => fault.length));
	console.log(`\n${'fault'.padEnd(width)}  tried  passed`);
	for (const { fault, tried, passed } of rows)
		console.log(`${fault.padEnd(width)}  ${String(tried).padStart(5)}  ${String(passed).padStart(6)}`);
};

/** Signing has the most steps, and they are alike: CI tries every third of its trials, `npm run faults` elsewhere all. */
const SAMPLED = 'signed release';
const toOwnShare = (name: string, trials: readonly Trial[]): readonly Trial[] => {
	if (!process.env.CI || name !== SAMPLED) return trials;
	const share = trials.filter((_, index) => index % 3 === 0);
	console.log(`  left out in CI: ${trials.length - share.length} of ${trials.length}`);
	return share;
};

const runFaults = async (worlds: readonly World[], names: readonly string[]): Promise<readonly Row[]> => {
	await Promise.all(worlds.map(prepare));
	const [first] = worlds;
	if (!first) return [];
	const queue: Trial[] = [];
	for (const operation of OPERATIONS.filter(({ name }) => names.length === 0 || names.includes(name))) {
		const { trials, possible, leftOut } = toTrials(await readReference(first, operation));
		console.log(`${operation.name}: ${trials.length} trials, ${possible} possible at its steps`);
		for (const what of leftOut) console.log(`  left out: ${what}`);
		queue.push(...toOwnShare(operation.name, trials));
	}
	console.log(`${queue.length} trials`);
	const rows = new Map<string, Row>();
	await Promise.all(worlds.map((world) => tryAll(world, queue, rows)));
	return [...rows.values()].sort((a, b) => (a.fault < b.fault ? -1 : 1));
};

provideSystemPackages();
const missing = ['strace', 'cc'].filter((tool) => findTool(tool) === undefined);
if (missing.length > 0) {
	const counts = { passed: 0, failed: process.env.CI ? 1 : 0, skipped: process.env.CI ? 0 : 1 };
	writeCounts('faults', counts);
	console.error(`SKIPPED: faults need ${missing.join(' and ')}\n${toCountsLine(counts)}`);
	process.exit(counts.failed);
}
const started = performance.now();
const worlds = await Promise.all(Array.from({ length: WORLDS }, startWorld));
try {
	const rows = await runFaults(worlds, process.argv.slice(2));
	printTable(rows);
	const tried = rows.reduce((total, row) => total + row.tried, 0);
	const passed = rows.reduce((total, row) => total + row.passed, 0);
	const counts = { passed, failed: tried - passed, skipped: 0 };
	writeCounts('faults', counts);
	console.log(`\n${toCountsLine(counts)} in ${Math.round((performance.now() - started) / 1000)} s`);
	process.exitCode = tried > 0 && passed === tried ? 0 : 1;
} finally {
	await Promise.all(worlds.map((world) => world.stop()));
}
