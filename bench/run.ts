// `npm run bench`: measures Slipway beside the peers that are installed, in one run on one machine. Arguments: names of
// benches (`npm run bench -- sign verify`); default: all. Writes out/bench/{result.json,table.md}.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { basename, join } from 'node:path';
import { findPeer, PEERS } from './peers.ts';
import type { BenchRow } from './row.ts';
import { isMet, toMarkdownTable, toTerminalTable } from './table.ts';

const OUT = join(import.meta.dirname, '..', 'out', 'bench');
const OWN_FILES = ['peers', 'row', 'run', 'run-one', 'table'];

const MACHINE = `Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`;

const listBenches = (): string[] =>
	readdirSync(import.meta.dirname)
		.filter((file) => /^[a-z-]+\.ts$/.test(file))
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

const printMissing = (): void => {
	for (const { name, install } of PEERS)
		if (!findPeer(name))
			console.log(`${name} is not installed, and is not compared with. To get it: ${install}`);
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !listBenches().includes(name));
if (unknown.length > 0)
	throw new Error(`expected some of ${listBenches().join(', ')}, got ${unknown.join(', ')}`);
mkdirSync(OUT, { recursive: true });
console.log(MACHINE);
printMissing();
const names = asked.length > 0 ? asked : listBenches();
const results = names.map((name) => ({ name, rows: runBench(name) }));
const rows = results.flatMap((result) => result.rows ?? []);
console.log(`\n${toTerminalTable(rows)}`);
writeFileSync(join(OUT, 'result.json'), `${JSON.stringify({ machine: MACHINE, results }, null, '\t')}\n`);
writeFileSync(join(OUT, 'table.md'), `${MACHINE}\n\n${toMarkdownTable(rows)}\n`);
const failed = results.filter((result) => !result.rows).map(({ name }) => name);
const missed = rows.filter((row) => isMet(row) === false);
for (const name of failed) console.error(`FAILED  ${name}`);
for (const { name, peer } of missed) console.error(`MISSED  ${name}${peer ? `, beside ${peer}` : ''}`);
process.exitCode = failed.length + missed.length > 0 ? 1 : 0;
