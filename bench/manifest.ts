// SHA-256 of 1 GiB for a manifest (npm packages alone need more), beside sha256sum. Whole processes, files in
// the page cache.
import { randomFillSync } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EMITTED, emitJavaScript } from '../scripts/bundle-emit.ts';
import { withLock } from '../scripts/with-lock.ts';
import { type Measured, measureProcess } from './process.ts';
import { type BenchContext, type BenchRow, inTurns, toPeerRow, toSpread } from './row.ts';

const TURNS = 4;
const GIBIBYTE = 1024 ** 3;

const writeFiles = (folder: string, count: number): void => {
	mkdirSync(folder);
	const bytes = Buffer.alloc(Math.floor(GIBIBYTE / count));
	for (let number = 0; number < count; number += 1) {
		// SHA is as fast on any bytes: a few that differ make each file another one.
		randomFillSync(bytes, 0, 4096);
		writeFileSync(join(folder, `file-${String(number).padStart(4, '0')}`), bytes);
	}
};

const checkSame = (own: Measured, peer: Measured | undefined): void => {
	const { artifacts } = JSON.parse(own.stdout) as {
		readonly artifacts: readonly { readonly digest: { readonly sha256: string } }[];
	};
	const expected = peer?.stdout
		.trim()
		.split('\n')
		.map((line) => line.slice(0, 64));
	const found = artifacts.map(({ digest }) => digest.sha256);
	if (expected && expected.join() !== found.join())
		throw new Error('the digests differ from those of sha256sum');
};

const measureCount = async (
	count: number,
	{ tempDir, findPeer }: BenchContext,
): Promise<readonly BenchRow[]> => {
	const folder = join(tempDir, `files-${count}`);
	writeFiles(folder, count);
	const script = join(import.meta.dirname, 'manifest/make.mjs');
	const slipway = [process.execPath, '--no-warnings', script, resolve(EMITTED, 'packages'), folder];
	const sha256sum = findPeer('sha256sum');
	const measured = await inTurns<Measured>(TURNS, {
		slipway: () => measureProcess(slipway, { cwd: folder }),
		...(sha256sum
			? { sha256sum: () => measureProcess([sha256sum, ...readdirSync(folder).sort()], { cwd: folder }) }
			: {}),
	});
	const runs = measured.slipway ?? [];
	for (const run of runs) checkSame(run, measured.sha256sum?.[0]);
	const what = count === 1 ? 'one file of 1 GiB' : `${count.toLocaleString('en')} files, 1 GiB together`;
	const own: BenchRow = {
		name: `manifest of ${what}`,
		unit: 'ms',
		...toSpread(runs.map(({ ms }) => ms)),
	};
	const peak: BenchRow = {
		name: `${own.name}: peak memory`,
		unit: 'MiB',
		...toSpread(runs.map(({ peak }) => peak)),
		wanted: { atMost: 150 },
	};
	const peers = (measured.sha256sum ?? []).map(({ ms }) => ms);
	const peer = {
		...toPeerRow(own, 'sha256sum', peers.length > 0 ? peers : [0]),
		wanted: { ratioAtLeast: 2 },
	};
	return [own, ...(peers.length > 0 ? [peer] : []), peak];
};

export const benchManifest = async (bench: BenchContext): Promise<readonly BenchRow[]> => {
	await withLock('.cache/bundles.lock', async () => emitJavaScript(false));
	const rows: BenchRow[] = [];
	for (const count of [1, 1000]) rows.push(...(await measureCount(count, bench)));
	return rows;
};
