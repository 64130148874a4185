// H5: a gigabyte of hostile archive, as it lies there or unpacked, is refused by every reader in ten seconds of processor
// time and 256 MiB of memory, measured in a process of its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INPUTS } from './sizes/inputs.ts';

const CHILD = join(import.meta.dirname, 'sizes', 'child.ts');
const MOST_MS = 10_000;
const MOST_BYTES = 256 * 2 ** 20;

type Case = readonly [input: string, reader: string, outcome: RegExp];

/** What an input is called, who reads it, and how it is refused. */
const CASES: readonly Case[] = [
	['a plain tar that climbs at its end', 'readTar', /ARCHIVE_PATH_UNSAFE/],
	['zeros behind a tar', 'readTar', /ARCHIVE_AMBIGUOUS/],
	['a tar of headers', 'readTar', /ARCHIVE_LIMIT_EXCEEDED/],
	['a tar of long names, gzip', 'readCompressedTar gzip', /ARCHIVE_LIMIT_EXCEEDED.*characters/],
	['a tar that climbs at its end, gzip', 'readCompressedTar gzip', /ARCHIVE_PATH_UNSAFE/],
	['a tar that climbs at its end, zstd', 'readCompressedTar zstd', /ARCHIVE_PATH_UNSAFE/],
	['a tar that is cut off, gzip', 'readCompressedTar gzip', /ARCHIVE_TRUNCATED/],
	['a tar that is cut off, zstd', 'readCompressedTar zstd', /ARCHIVE_TRUNCATED/],
	['a tar that is cut off, zstd', 'compareArtifacts', /read/],
	['zeros, gzip', 'npmIdentity', /ARCHIVE_AMBIGUOUS/],
	['a tar as large as its gzip', 'collectOutputs', /ARCHIVE_PATH_UNSAFE/],
	['an ar with a huge member, then no header', 'readAr', /ARCHIVE_CORRUPT/],
	['an ar of members', 'readAr', /ARCHIVE_LIMIT_EXCEEDED/],
	['a zip that stores a gigabyte with another checksum', 'readZip', /ARCHIVE_CORRUPT/],
	['a zip of one gigabyte with another checksum', 'readZip', /ARCHIVE_CORRUPT/],
	['a zip of one gigabyte with another checksum', 'visitDump', /ARCHIVE_LIMIT_EXCEEDED/],
	['a zip of many that climbs at its end', 'readZip', /ARCHIVE_PATH_UNSAFE/],
	['a .deb whose control.tar.gz climbs at its end', 'readDeb', /DEB_TOO_LARGE/],
	['a .deb whose data.tar.zst climbs at its end', 'readDeb', /DEB_(INVALID|CONTROL_INVALID)/],
	['a .deb whose data.tar.zst climbs at its end', 'gates, .deb', /ARCHIVE_PATH_UNSAFE/],
	['a .deb whose data.tar.xz climbs at its end', 'gates, .deb', /ARCHIVE_PATH_UNSAFE/],
	['a .deb as large as its data.tar.gz', 'readDeb', /ARCHIVE_PATH_UNSAFE/],
	['a .deb as large as its data.tar', 'readDeb', /ARCHIVE_PATH_UNSAFE/],
];

interface Answer {
	readonly outcome: string;
	readonly ms: number;
	readonly rss: number;
}

const root = mkdtempSync(join(tmpdir(), 'slipway-sizes-'));
const measured: string[] = [];
afterAll(() => {
	rmSync(root, { recursive: true });
	process.stdout.write(`${measured.join('\n')}\n`);
});

const readInChild = (reader: string, path: string): Answer => {
	const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', CHILD, reader, path], {
		encoding: 'utf8',
	});
	if (stdout === '') throw new Error(stderr);
	return JSON.parse(stdout);
};

const makeInput = (input: string, reader: string): string => {
	const path = join(root, reader === 'collectOutputs' ? 'input.tgz' : 'input');
	INPUTS[input]?.(path);
	return path;
};

test.each(CASES)(
	'%s: %s',
	(input, reader, expected) => {
		const path = makeInput(input, reader);
		try {
			const { outcome, ms, rss } = readInChild(reader, path);
			measured.push(`${(ms / 1000).toFixed(1)} s, ${Math.round(rss / 2 ** 20)} MiB  ${reader}: ${input}`);
			expect(outcome).toMatch(expected);
			expect([rss < MOST_BYTES, rss]).toEqual([true, rss]);
			expect([ms < MOST_MS, ms]).toEqual([true, ms]);
		} finally {
			rmSync(path);
		}
	},
	900_000,
);

test('every input is given to somebody', () => {
	expect(new Set(CASES.map(([input]) => input))).toEqual(new Set(Object.keys(INPUTS)));
});
