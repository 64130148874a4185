import { constants, zstdCompressSync } from 'node:zlib';
import { toGzip } from '@slipway/archive';
import { isWhole } from '@slipway/testing';
import { compressMember } from './compress-member.ts';

const MEBIBYTE = 1024 * 1024;
const context = {
	tempDir: '',
	signal: new AbortController().signal,
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: () => 0, sleep: async () => {} },
};

/** Compresses to a third or so, and never the same twice: several jobs of zstd (8 MiB each), many blocks of deflate. */
const toBytes = (size: number): Buffer => {
	const bytes = Buffer.alloc(size);
	let state = 20_261_121;
	for (let offset = 0; offset < size; offset += 1) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		bytes[offset] = state >>> 28 < 9 ? 0x20 : state >>> 25;
	}
	return bytes;
};

/** One worker: bytes that were published must come out again on every machine. */
const AT_ONCE = {
	gzip: (bytes: Uint8Array) => toGzip(bytes),
	zstd: (bytes: Uint8Array) =>
		zstdCompressSync(bytes, {
			pledgedSrcSize: bytes.length,
			params: {
				[constants.ZSTD_c_compressionLevel]: 3,
				[constants.ZSTD_c_contentSizeFlag]: 1,
				[constants.ZSTD_c_checksumFlag]: 1,
				[constants.ZSTD_c_nbWorkers]: 1,
			},
		}),
} as const;

test.each([
	['gzip', (isWhole() ? 3 * MEBIBYTE : MEBIBYTE) + 1],
	['zstd', 9 * MEBIBYTE + 513],
	['zstd', 100],
] as const)('%s of %d bytes gives the same bytes whoever does it', async (compression, size) => {
	const bytes = toBytes(size);
	const compressed = await compressMember(bytes, compression, context);
	expect(compressed.equals(AT_ONCE[compression](bytes))).toBe(true);
});
