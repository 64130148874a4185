// `npm run fuzz [target…] [--seconds N] [--seed N]`: feeds every parser of foreign input with broken copies of its corpus, in
// turn, and says which took one badly: an error that is not ours, a hang, too much time. What was found lies in out/fuzz,
// as small as it could be made; `--seed` with the number that is printed finds it again.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { MAX_INPUT_BYTES } from '../test/fuzz/edit.ts';
import { TARGETS } from '../test/fuzz/targets.ts';
import type { Report, Work } from '../test/fuzz/worker.ts';
import { toCountsLine, writeCounts } from './counts.ts';

const OUT = 'out/fuzz';
/** No input takes a tenth of this: whatever is silent for so long hangs. */
const HANG_MS = 20_000;
const MAX_MEGABYTES = 1024;

interface Row {
	runs: number;
	batches: number;
	seed: number;
	problem?: string;
}

type Rows = ReadonlyMap<string, Row>;

const save = (name: string, bytes: Uint8Array): string => {
	mkdirSync(OUT, { recursive: true });
	const id = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
	const path = join(OUT, `${name.replaceAll(/[^A-Za-z0-9.]+/g, '-')}-${id}`);
	writeFileSync(path, bytes);
	return path;
};

const note = (rows: Rows, name: string, problem: string, bytes: Uint8Array): void => {
	const row = rows.get(name);
	if (!row) return;
	row.problem = problem;
	const path = save(name, bytes);
	console.log(`FAILED  ${name}: ${problem}\n        ${bytes.length} bytes in ${path}`);
	console.log(`        again: npm run fuzz -- ${JSON.stringify(name)} --seed ${row.seed}`);
};

const take = (rows: Rows, report: Report): void => {
	const row = rows.get(report.name);
	if (!row) return;
	if (report.kind === 'begin') row.seed = report.seed;
	if (report.kind === 'runs') {
		row.runs += report.runs;
		row.batches += 1;
	}
	if (report.kind === 'problem') note(rows, report.name, report.problem, report.bytes);
};

/** Runs one thread until it ends by itself. @returns the target in which it had to be ended, or which ended it */
const runThread = (work: Work, rows: Rows): Promise<string | undefined> =>
	new Promise((resolve) => {
		const worker = new Worker(new URL('../test/fuzz/worker.ts', import.meta.url), {
			workerData: work,
			resourceLimits: { maxOldGenerationSizeMb: MAX_MEGABYTES },
		});
		let current: string | undefined;
		let end = (problem: string): void => void problem;
		let timer = setTimeout(() => end('hangs'), HANG_MS * 3);
		end = (problem) => {
			clearTimeout(timer);
			const [length = 0] = new Uint32Array(work.input, 0, 1);
			if (current) note(rows, current, problem, new Uint8Array(work.input, 4, length).slice());
			void worker.terminate().then(() => resolve(current));
		};
		worker.on('message', (report: Report) => {
			current = report.name;
			clearTimeout(timer);
			timer = setTimeout(() => end(`took more than ${HANG_MS} ms`), HANG_MS);
			take(rows, report);
		});
		worker.on('error', (error) => {
			if (!current) throw error;
			end(`ended its thread: ${error.message}`);
		});
		worker.on('exit', () => {
			clearTimeout(timer);
			resolve(undefined);
		});
	});

const runAll = async (rows: Rows, seconds: number, seed: number): Promise<void> => {
	const until = Date.now() + seconds * 1000;
	const input = new SharedArrayBuffer(4 + MAX_INPUT_BYTES);
	let names = [...rows.keys()];
	while (names.length > 0 && Date.now() < until) {
		const ended = await runThread({ names, seed, until, input }, rows);
		names = ended === undefined ? [] : names.filter((name) => name !== ended && !rows.get(name)?.problem);
	}
};

const printTable = (rows: Rows): void => {
	const width = Math.max(...[...rows.keys()].map(({ length }) => length));
	console.log(`\n${'parser'.padEnd(width)}  inputs  problem`);
	for (const [name, { runs, problem = '-' }] of rows)
		console.log(`${name.padEnd(width)}  ${String(runs).padStart(6)}  ${problem}`);
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);
const wanted = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const unknown = positionals.filter((name) => !TARGETS.some((target) => target.name === name));
if (unknown.length > 0) throw new Error(`expected some of ${TARGETS.map(({ name }) => name).join(', ')}`);
const rows: Rows = new Map(wanted.map(({ name }) => [name, { runs: 0, batches: 0, seed }]));
console.log(`seed ${seed}, ${rows.size} parsers, ${values.seconds} s`);
await runAll(rows, Number(values.seconds), seed);
printTable(rows);
const failed = [...rows.values()].filter(({ problem, runs }) => problem !== undefined || runs === 0).length;
const counts = { passed: rows.size - failed, failed, skipped: 0 };
writeCounts('fuzz', counts);
const total = [...rows.values()].reduce((sum, { runs }) => sum + runs, 0);
console.log(`${total} inputs\n${toCountsLine(counts)}`);
process.exitCode = failed > 0 ? 1 : 0;
