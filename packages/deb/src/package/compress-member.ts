import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { toGzip } from '@slipway/archive';
import { type Context, SlipwayError } from '@slipway/core';
import type { DebPackage } from '@slipway/core/config';
import { run } from '@slipway/process';
import { toDebError } from './error.ts';

export type Compression = DebPackage['compression'];

/** Endings of member names (deb(5)). */
export const ENDINGS: Readonly<Record<Compression, string>> = { gzip: 'gz', zstd: 'zst', xz: 'xz' };

/** dpkg-deb's own default level. */
const ZSTD_LEVEL = 3;
const MAX_ZSTD_WORKERS = 4;

/**
 * One frame with its content's size and checksum. Any number of workers from 1 gives the same bytes, 0 gives others;
 * dpkg-deb refuses a second frame.
 */
const toZstd = (bytes: Uint8Array): Buffer =>
	zstdCompressSync(bytes, {
		pledgedSrcSize: bytes.length,
		params: {
			[constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL,
			[constants.ZSTD_c_contentSizeFlag]: 1,
			[constants.ZSTD_c_checksumFlag]: 1,
			[constants.ZSTD_c_nbWorkers]: Math.min(MAX_ZSTD_WORKERS, availableParallelism()),
		},
	});

const toUnavailable = (problem: string, cause?: unknown) =>
	toDebError(
		'DEB_COMPRESSION_UNAVAILABLE',
		`expected to compress with xz, but ${problem}`,
		'Install xz-utils on the machine that builds, or write `compression: zstd` or `gzip` in slipway.yml.',
		cause,
	);

const runXz = async (input: string, output: string, context: Context): Promise<void> => {
	try {
		// The environment has no XZ_OPT and XZ_DEFAULTS: options of the machine would change the bytes.
		const finished = await run(['xz', '--stdout', '-6', '--threads=1', '--check=crc64', '--', input], {
			cwd: context.tempDir,
			environment: { PATH: process.env.PATH, LC_ALL: 'C' },
			signal: context.signal,
			stdoutFile: output,
			timeoutMs: 60 * 60 * 1000,
		});
		if (finished.code !== 0) throw toUnavailable(`it ended with ${finished.code}: ${finished.stderr.trim()}`);
	} catch (cause) {
		if (cause instanceof SlipwayError && cause.code === 'PROCESS_NOT_FOUND')
			throw toUnavailable('there is no xz command on the PATH', cause);
		throw cause;
	}
};

const toXz = async (bytes: Uint8Array, context: Context): Promise<Buffer> => {
	const [input, output] = ['tar', 'tar.xz'].map((ending) =>
		join(context.tempDir, `${randomUUID()}.${ending}`),
	);
	if (input === undefined || output === undefined) throw new TypeError('two names were made');
	try {
		await writeFile(input, bytes);
		await runXz(input, output, context);
		return await readFile(output);
	} finally {
		await Promise.all([input, output].map((path) => rm(path, { force: true })));
	}
};

/**
 * Compresses one tar of a package; the same bytes for any number of processors, user and environment.
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
