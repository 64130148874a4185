import { randomFillSync } from 'node:crypto';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';

export const MEBIBYTE = 1024 * 1024;

/** A mebibyte that packs to a 200th: few enough that no ratio gives it away. */
const NOISE_BYTES = 5000;
export const BLOCK = randomFillSync(Buffer.alloc(MEBIBYTE), 0, NOISE_BYTES);

const repeat = (piece: Uint8Array, times: number): Uint8Array[] => Array<Uint8Array>(times).fill(piece);

/** Packs what begins and ends so, with mebibytes in between. */
export type Pack = (first: Uint8Array, mebibytes: number, last: Uint8Array) => Buffer;

/** Members of gzip behind each other are one stream (RFC 1952, 2.2). */
export const toGzipStream: Pack = (first, mebibytes, last) =>
	Buffer.concat([gzipSync(first), ...repeat(gzipSync(BLOCK), mebibytes), gzipSync(last)]);

const toZstdBlock = (type: 0 | 1, size: number, content: Uint8Array, isLast = false): Buffer => {
	const header = Buffer.alloc(3);
	header.writeUIntLE((size << 3) | (type << 1) | (isLast ? 1 : 0), 0, 3);
	return Buffer.concat([header, content]);
};

const RAW = 0;
const RLE = 1;
const ZSTD_BLOCK_BYTES = 128 * 1024;
/** No checksum, no size, a window of a mebibyte: RFC 8878, 3.1.1.1. */
const ZSTD_HEADER = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]);
const ZSTD_MEBIBYTE = Buffer.concat([
	toZstdBlock(RAW, NOISE_BYTES, BLOCK.subarray(0, NOISE_BYTES)),
	...repeat(toZstdBlock(RLE, ZSTD_BLOCK_BYTES, Buffer.alloc(1)), 7),
	toZstdBlock(RLE, ZSTD_BLOCK_BYTES - NOISE_BYTES, Buffer.alloc(1)),
]);

/** One frame, without a compressor: blocks as they are, and blocks of one byte repeated. */
export const toZstdStream: Pack = (first, mebibytes, last) =>
	Buffer.concat([
		ZSTD_HEADER,
		toZstdBlock(RAW, first.length, first),
		...repeat(ZSTD_MEBIBYTE, mebibytes),
		toZstdBlock(RAW, last.length, last, true),
	]);

/** Deflated mebibytes as one stream: each ends on a byte, and refers to nothing before it. */
export const toDeflated = (mebibytes: number): Buffer => {
	const piece = deflateRawSync(BLOCK, { finishFlush: constants.Z_SYNC_FLUSH });
	return Buffer.concat([...repeat(piece, mebibytes), Buffer.from([3, 0])]);
};
