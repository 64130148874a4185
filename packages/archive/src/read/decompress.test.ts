import { gzipSync, zstdCompressSync } from 'node:zlib';
import { findFormat, gunzipLimited, unzstdLimited } from './decompress.ts';

const TEXT = Buffer.from('hello '.repeat(100));
const GZIP = gzipSync(TEXT);
const ZSTD = zstdCompressSync(TEXT);
const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });

test('unpacks what was packed, several gzip members as one', () => {
	expect(gunzipLimited(GZIP)).toEqual(TEXT);
	expect(gunzipLimited(Buffer.concat([GZIP, GZIP]))).toEqual(Buffer.concat([TEXT, TEXT]));
	expect(unzstdLimited(ZSTD)).toEqual(TEXT);
});

test.each([
	['gzip cut off', () => gunzipLimited(GZIP.subarray(0, -4)), 'ARCHIVE_TRUNCATED'],
	['zstd cut off', () => unzstdLimited(ZSTD.subarray(0, -4)), 'ARCHIVE_TRUNCATED'],
	['nothing', () => gunzipLimited(Buffer.alloc(0)), 'ARCHIVE_TRUNCATED'],
	['no gzip at all', () => gunzipLimited(TEXT), 'ARCHIVE_CORRUPT'],
	['no zstd at all', () => unzstdLimited(TEXT), 'ARCHIVE_CORRUPT'],
	[
		'a flipped bit',
		() => gunzipLimited(GZIP.map((byte, index) => (index === GZIP.length - 6 ? byte ^ 1 : byte))),
		'ARCHIVE_CORRUPT',
	],
	['text behind gzip', () => gunzipLimited(Buffer.concat([GZIP, Buffer.from('text')])), 'ARCHIVE_CORRUPT'],
	['zeros behind gzip', () => gunzipLimited(Buffer.concat([GZIP, Buffer.alloc(9)])), 'ARCHIVE_AMBIGUOUS'],
	['a second zstd frame', () => unzstdLimited(Buffer.concat([ZSTD, ZSTD])), 'ARCHIVE_AMBIGUOUS'],
])('refuses %s', (_name, unpack, expected) => {
	expect(unpack).toThrow(code(expected));
});

test.each([
	['gzip', gzipSync(Buffer.alloc(100_000_000)), gunzipLimited],
	['zstd', zstdCompressSync(Buffer.alloc(100_000_000)), unzstdLimited],
] as const)('a %s bomb ends at the ratio, having cost little memory', (_name, bomb, unpack) => {
	const before = process.memoryUsage().rss;
	expect(() => unpack(bomb)).toThrow(code('ARCHIVE_LIMIT_EXCEEDED'));
	expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
});

test('the total holds too', () => {
	expect(() => gunzipLimited(GZIP, { maxTotalBytes: TEXT.length - 1 })).toThrow(
		code('ARCHIVE_LIMIT_EXCEEDED'),
	);
	expect(gunzipLimited(GZIP, { maxTotalBytes: TEXT.length })).toEqual(TEXT);
});

test('a format is known by its first bytes', () => {
	const formats = [
		GZIP,
		ZSTD,
		Buffer.from('!<arch>\n'),
		Buffer.from('PK\u0003\u0004'),
		TEXT,
		Buffer.alloc(0),
	].map(findFormat);
	expect(formats).toEqual(['gzip', 'zstd', 'ar', 'zip', undefined, undefined]);
});
