import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { constants, zstdCompressSync } from 'node:zlib';
import { toGzip } from '@slipway/archive';
import type { Context } from '@slipway/core';
import type { DebPackage } from '@slipway/core/config';
import { toXz } from './xz.ts';

export type Compression = DebPackage['compression'];

/** Endings of member names (deb(5)). */
export const ENDINGS: Readonly<Record<Compression, string>> = { gzip: 'gz', zstd: 'zst', xz: 'xz' };

/** dpkg-deb's own default level. */
const ZSTD_LEVEL = 3;
const MAX_ZSTD_WORKERS = 4;
const MIN_OUTPUT_BYTES = 64 * 1024;

/**
 * One frame with its content's size and checksum. Any number of workers from 1 gives the same bytes, 0 gives others;
 * dpkg-deb refuses a second frame.
 */
const toZstd = (bytes: Uint8Array): Buffer =>
	zstdCompressSync(bytes, {
		pledgedSrcSize: bytes.length,
		// One piece of output, of which only what is written to becomes real memory.
		chunkSize: Math.max(bytes.length, MIN_OUTPUT_BYTES),
		params: {
			[constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL,
			[constants.ZSTD_c_contentSizeFlag]: 1,
			[constants.ZSTD_c_checksumFlag]: 1,
			[constants.ZSTD_c_nbWorkers]: Math.min(MAX_ZSTD_WORKERS, availableParallelism()),
		},
	});

/**
 * Compresses one tar of a package. zstd has threads of its own; Node's compression in the background gives nothing when
 * it has them (seen in 24.21), so this thread waits. The same bytes for any number of processors, user and environment.
 * @throws SlipwayError DEB_COMPRESSION_UNAVAILABLE, PROCESS_*
 */
export const compressMember = async (
	bytes: Uint8Array,
	compression: Compression,
	context: Context,
): Promise<Buffer> => {
	if (compression === 'xz') return toXz(bytes, context);
	return compression === 'zstd' ? toZstd(bytes) : toGzip(bytes);
};

/**
 * SHA-256 of both tars before compression, one after the other: the identity of what a package holds that outlives
 * other versions of the compressors.
 */
export const toUncompressedDigest = (controlTar: Uint8Array, dataTar: Uint8Array): string =>
	createHash('sha256').update(controlTar).update(dataTar).digest('hex');
