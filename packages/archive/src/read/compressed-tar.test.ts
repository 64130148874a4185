import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { toTarBytes } from '../write-tar.ts';
import { readCompressedTar } from './compressed-tar.ts';
import { verifyTarChunks } from './read-tar.ts';

const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });
/** Does not compress, so that what it is in has to be looked through slice by slice. */
const NOISE = Buffer.from(
	Array.from({ length: 300_000 }, (_, index) => (index * index * 2_654_435_761) >>> 13),
);
const toTar = (name: string, ...more: readonly Uint8Array[]): Uint8Array =>
	toTarBytes(
		[NOISE, ...more].map((content, index) => ({
			type: 'file',
			name: `${name}${index}`,
			mode: 0o644,
			content,
		})),
		{ mtime: 0 },
	);

const KINDS = [
	['gzip', gzipSync],
	['zstd', zstdCompressSync],
] as const;

describe.each(KINDS)('%s', (kind, compress) => {
	test('a large one is read whole', async () => {
		const { tar, entries } = await readCompressedTar(
			kind,
			compress(toTar('a', Buffer.alloc(9_000_000, 'x'))),
		);
		expect(tar.length).toBeGreaterThan(9_300_000);
		expect(entries.map(({ path, size }) => [path, size])).toEqual([
			['a0', NOISE.length],
			['a1', 9_000_000],
		]);
		expect(Buffer.compare(entries[0]?.bytes ?? NOISE.subarray(1), NOISE)).toBe(0);
	});

	test.each([
		['climbs', () => compress(toTar('../a')), 'ARCHIVE_PATH_UNSAFE'],
		['ends too early', () => compress(toTar('a')).subarray(0, -9), 'ARCHIVE_TRUNCATED'],
		['is damaged', () => compress(toTar('a')).fill(0x55, 200_000, 200_100), 'ARCHIVE_CORRUPT'],
		[
			'has bytes behind its end',
			() => Buffer.concat([compress(toTar('a')), Buffer.alloc(9)]),
			'ARCHIVE_AMBIGUOUS',
		],
	])('refused: one that %s', async (_, make, expected) => {
		await expect(readCompressedTar(kind, make())).rejects.toThrow(code(expected));
	});

	test('a bomb of zeros behind the end costs little memory', async () => {
		const bomb = compress(Buffer.concat([toTar('a'), Buffer.alloc(200_000_000)]));
		const before = process.memoryUsage().rss;
		const limits = { maxTotalBytes: 150_000_000 };
		await expect(readCompressedTar(kind, bomb, limits)).rejects.toThrow(code('ARCHIVE_AMBIGUOUS'));
		expect(process.memoryUsage().rss - before).toBeLessThan(130 * 1024 * 1024);
	});
});

test('chunks of any size are one file', async () => {
	const tar = toTar(`${'long/'.repeat(40)}a`, Buffer.from('x'));
	const verify = (...chunks: readonly Uint8Array[]) => verifyTarChunks(Readable.from(chunks));
	await expect(verify(tar.subarray(0, 1000), tar.subarray(1000, 200_000))).rejects.toThrow(
		code('ARCHIVE_TRUNCATED'),
	);
	for (const size of [1000, 512, 4096, 77_777, tar.length]) {
		const chunks = Array.from({ length: Math.ceil(tar.length / size) }, (_, index) =>
			tar.subarray(index * size, (index + 1) * size),
		);
		await verify(...chunks);
	}
});
