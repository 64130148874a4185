// `npm run bench`: measures Slipway beside the peers that are installed, in one run on one machine. Arguments: names of
// benches (`npm run bench -- sign verify`); default: all. Writes out/bench/{index.html,result.json,table.md}.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { PEERS } from './peers.ts';
import { describeMachine, readCommit, readPeer } from './report/machine.ts';
import { toPage } from './report/page.ts';
import type { BenchResult, Measurement, PeerState } from './report/result.ts';
import type { BenchRow } from './row.ts';
import { isMet, toMarkdownTable, toTerminalTable } from './table.ts';

const OUT = join(import.meta.dirname, '..', 'out', 'bench');
const OWN_FILES = ['own-package', 'peers', 'process', 'row', 'run', 'run-one', 'table'];

const listBenches = (): string[] =>
	readdirSync(import.meta.dirname)
		.filter((file) => /^[a-z][a-z0-9-]*\.ts$/.test(file))
		.map((file) => basename(file, '.ts'))
		.filter((name) => !OWN_FILES.includes(name));

/** undefined: it failed, and said why. */
const runBench = (name: string): readonly BenchRow[] | undefined => {
	const file = join(OUT, `${name}.json`);
	rmSync(file, { force: true });
	console.log(`\n${name}`);
	const script = join(import.meta.dirname, 'run-one.ts');
	const argv = ['--no-warnings', '--expose-gc', script, name, file];
	const { status } = spawnSync(process.execPath, argv, { stdio: 'inherit' });
	return status === 0 && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

const measureBench = (name: string): Measurement => {
	const start = loadavg();
	const rows = runBench(name);
	const load = { start, end: loadavg() };
	return { name, command: `npm run bench -- ${name}`, load, ...(rows ? { rows } : {}) };
};

const printMissing = (peers: readonly PeerState[]): void => {
	for (const { name, version, install } of peers)
		if (version === undefined)
			console.log(`${name} is not installed, and is not compared with. To get it: ${install}`);
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !listBenches().includes(name));
if (unknown.length > 0)
	throw new Error(`expected some of ${listBenches().join(', ')}, got ${unknown.join(', ')}`);
mkdirSync(OUT, { recursive: true });
const facts = {
	version: 1,
	machine: describeMachine(),
	commit: readCommit(),
	start: new Date().toISOString(),
	peers: PEERS.map(readPeer),
} as const;
console.log(facts.machine);
printMissing(facts.peers);
const results = (asked.length > 0 ? asked : listBenches()).map(measureBench);
const rows = results.flatMap((result) => result.rows ?? []);
console.log(`\n${toTerminalTable(rows)}`);
const result: BenchResult = { ...facts, end: new Date().toISOString(), results };
writeFileSync(join(OUT, 'result.json'), `${JSON.stringify(result, null, '\t')}\n`);
writeFileSync(join(OUT, 'index.html'), toPage(result));
writeFileSync(join(OUT, 'table.md'), `${facts.machine}\n\n${toMarkdownTable(rows)}\n`);
console.log(`\n${join(OUT, 'index.html')}`);
const failed = results.filter((result) => !result.rows).map(({ name }) => name);
const missed = rows.filter((row) => isMet(row) === false);
for (const name of failed) console.error(`FAILED  ${name}`);
for (const { name, peer } of missed) console.error(`MISSED  ${name}${peer ? `, beside ${peer}` : ''}`);
process.exitCode = failed.length + missed.length > 0 ? 1 : 0;
