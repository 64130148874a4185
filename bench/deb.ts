// A .deb of a tree of 100 MiB, as a whole process, beside dpkg-deb and nfpm: time, size and memory for each compression.
import { hash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { EMITTED, emitJavaScript } from '../scripts/bundle-emit.ts';
import { withLock } from '../scripts/with-lock.ts';
import { makeTree } from './deb/make-tree.ts';
import { type Measured, measureProcess } from './process.ts';
import { type BenchContext, type BenchRow, inTurns, toPeerRow, toSpread } from './row.ts';

const MEBIBYTE = 1024 * 1024;
/** Slow compressions are measured less often: a minute differs less from a minute than a second from a second. */
const TURNS = { zstd: 7, gzip: 2, xz: 1 } as const;
type Compression = keyof typeof TURNS;

const PACKAGE_JSON = {
	name: 'tree',
	version: '1.0.0',
	description: 'A tree of many files.',
	license: 'Apache-2.0',
	author: 'Ada Example <ada@example.org>',
};
const CONTROL = `Package: tree\nVersion: 1.0.0-1\nArchitecture: amd64\nMaintainer: ${PACKAGE_JSON.author}\nDescription: A tree of many files.\n`;

interface Contestant {
	readonly who: string;
	readonly argv: (compression: Compression, out: string) => readonly string[];
}

const SLIPWAY: Contestant = {
	who: 'slipway',
	argv: (compression, out) => [
		process.execPath,
		'--no-warnings',
		join(import.meta.dirname, 'deb/make.mjs'),
		resolve(EMITTED, 'packages'),
		'.',
		compression,
		out,
	],
};

const toMd5Sums = (folder: string): string =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)))
		.sort()
		.map((path) => `${hash('md5', readFileSync(join(folder, path)))}  ${path}\n`)
		.join('');

/** dpkg-deb gets the files as they are installed, the control file and the sums, which it would not make: packages of one content. */
const toDpkg = async (path: string, folder: string): Promise<Contestant> => {
	cpSync(join(folder, 'usr'), join(folder, 'tree/usr'), { recursive: true });
	const sums = toMd5Sums(join(folder, 'tree'));
	mkdirSync(join(folder, 'tree/DEBIAN'));
	writeFileSync(join(folder, 'tree/DEBIAN/control'), CONTROL);
	writeFileSync(join(folder, 'tree/DEBIAN/md5sums'), sums);
	const { stdout } = await measureProcess([path, '--version'], { cwd: folder });
	return {
		who: `dpkg-deb ${/\d[\d.]+\d/.exec(stdout)?.[0] ?? ''}`,
		argv: (compression, out) => [path, `-Z${compression}`, '--root-owner-group', '--build', 'tree', out],
	};
};

const toNfpm = async (path: string, folder: string): Promise<Contestant> => {
	for (const compression of Object.keys(TURNS)) {
		const config = {
			name: 'tree',
			arch: 'amd64',
			version: '1.0.0',
			maintainer: PACKAGE_JSON.author,
			description: PACKAGE_JSON.description,
			contents: [{ src: 'usr', dst: '/usr', type: 'tree' }],
			deb: { compression },
		};
		writeFileSync(join(folder, `nfpm-${compression}.json`), JSON.stringify(config));
	}
	const { stdout } = await measureProcess([path, '--version'], { cwd: folder });
	return {
		who: `nfpm ${/v?(\d[\d.]+\d)/.exec(stdout)?.[1] ?? ''}`,
		argv: (compression, out) => [
			path,
			'package',
			'--config',
			`nfpm-${compression}.json`,
			'--packager',
			'deb',
			'--target',
			out,
		],
	};
};

const findPeers = async ({ findPeer }: BenchContext, folder: string): Promise<readonly Contestant[]> => {
	const [dpkg, nfpm] = [findPeer('dpkg-deb'), findPeer('nfpm')];
	return [...(dpkg ? [await toDpkg(dpkg, folder)] : []), ...(nfpm ? [await toNfpm(nfpm, folder)] : [])];
};

interface Figures extends Measured {
	readonly size: number;
}

const measureAll = (compression: Compression, contestants: readonly Contestant[], folder: string) =>
	inTurns<Figures>(
		TURNS[compression],
		Object.fromEntries(
			contestants.map(({ who, argv }) => [
				who,
				async () => {
					const out = join(folder, `${who.split(' ')[0]}-${compression}.deb`);
					const measured = await measureProcess(argv(compression, out), { cwd: folder });
					return { ...measured, size: statSync(out).size / MEBIBYTE };
				},
			]),
		),
	);

const FIGURES = [
	['ms', '', (figures: Figures) => figures.ms],
	['MiB', ': size of the .deb', (figures: Figures) => figures.size],
	['MiB', ': peak memory', (figures: Figures) => figures.peak],
] as const;

const toWanted = (compression: Compression, peer: string, what: string): Pick<BenchRow, 'wanted'> => {
	if (compression !== 'zstd' || !peer.startsWith('dpkg-deb')) return {};
	if (what === '') return { wanted: { ratioAtLeast: 1 / 1.2 } };
	return what.includes('size') ? { wanted: { ratioAtLeast: 1 } } : {};
};

const measureOne = async (
	compression: Compression,
	contestants: readonly Contestant[],
	folder: string,
): Promise<readonly BenchRow[]> => {
	const measured = await measureAll(compression, contestants, folder);
	return FIGURES.flatMap(([unit, what, pick]) => {
		const name = `.deb of 100 MiB in 4,296 files, ${compression}${what}`;
		const own: BenchRow = { name, unit, ...toSpread((measured.slipway ?? []).map(pick)) };
		const peers = Object.entries(measured).filter(([who]) => who !== 'slipway');
		return [
			own,
			...peers.map(([who, figures]) => ({
				...toPeerRow(own, who, figures.map(pick)),
				...toWanted(compression, who, what),
			})),
		];
	});
};

export const benchDeb = async (bench: BenchContext): Promise<readonly BenchRow[]> => {
	const folder = bench.tempDir;
	makeTree(join(folder, 'usr'));
	writeFileSync(join(folder, 'package.json'), JSON.stringify(PACKAGE_JSON));
	await withLock('.cache/bundles.lock', async () => emitJavaScript(false));
	const contestants = [SLIPWAY, ...(await findPeers(bench, folder))];
	const rows: BenchRow[] = [];
	for (const compression of ['zstd', 'gzip', 'xz'] as const) {
		bench.log(`${compression}: ${contestants.map(({ who }) => who).join(', ')}`);
		rows.push(...(await measureOne(compression, contestants, folder)));
	}
	return rows;
};
