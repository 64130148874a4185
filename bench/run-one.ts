// Run by run.ts, in a process of its own for each bench: none warms up or fills the memory of another.
// Arguments: name of the bench, file for its rows.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPeer } from './peers.ts';
import type { Bench } from './row.ts';

const readBench = async (name: string): Promise<Bench> => {
	const exports: Record<string, unknown> = await import(`./${name}.ts`);
	const found = Object.entries(exports).find(
		([key, value]) => /^bench[A-Z]/.test(key) && typeof value === 'function',
	);
	if (!found) throw new Error(`expected bench/${name}.ts to export a function bench${name}`);
	return found[1] as Bench;
};

const [, , name, file] = process.argv;
if (!name || !file) throw new Error('expected the name of a bench and a file');
const bench = await readBench(name);
const tempDir = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
try {
	const rows = await bench({ tempDir, findPeer, log: (line) => console.log(`  ${line}`) });
	await writeFile(file, JSON.stringify(rows));
} finally {
	await rm(tempDir, { recursive: true, force: true });
}
