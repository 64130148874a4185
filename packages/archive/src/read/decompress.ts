import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { SlipwayError } from '@slipway/core';
import { toArchiveError } from './error.ts';
import { type ArchiveLimits, toLimits, toUnpackedLimit } from './limits.ts';

type Limits = Partial<Pick<ArchiveLimits, 'maxTotalBytes' | 'maxRatio'>>;
type Unpack = (
	bytes: Uint8Array,
	options: { maxOutputLength: number; chunkSize: number; info: true },
) => unknown;

const CHUNK_BYTES = 256 * 1024;
const MESSAGES: Readonly<Record<string, string>> = {
	Z_BUF_ERROR: 'ends too early',
	ZSTD_error_srcSize_wrong: 'ends too early',
};

const KINDS = {
	gzip: { open: createGunzip, unpack: gunzipSync as Unpack },
	zstd: { open: createZstdDecompress, unpack: zstdDecompressSync as Unpack },
} as const;

/** Formats of one compressed stream that are unpacked here. */
export type Compression = keyof typeof KINDS;

const tooLarge = (kind: Compression, most: number) =>
	toArchiveError('ARCHIVE_LIMIT_EXCEEDED', `the ${kind} stream unpacks to more than ${most} bytes`);

const goesOn = (kind: Compression) =>
	toArchiveError('ARCHIVE_AMBIGUOUS', `bytes after the end of the ${kind} stream`);

const toDamage = (kind: Compression, cause: unknown) => {
	const reason = MESSAGES[(cause as NodeJS.ErrnoException).code ?? ''];
	return toArchiveError(
		reason ? 'ARCHIVE_TRUNCATED' : 'ARCHIVE_CORRUPT',
		`the ${kind} stream ${reason ?? 'is damaged'}`,
		cause,
	);
};

/** @throws SlipwayError ARCHIVE_CORRUPT, ARCHIVE_TRUNCATED, ARCHIVE_AMBIGUOUS, ARCHIVE_LIMIT_EXCEEDED */
export const unpackAtOnce = (kind: Compression, bytes: Uint8Array, limits: Limits = {}): Buffer => {
	const maxOutputLength = toUnpackedLimit(bytes.length, toLimits(limits));
	try {
		const result = KINDS[kind].unpack(bytes, { maxOutputLength, chunkSize: CHUNK_BYTES, info: true });
		const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } };
		if (engine.bytesWritten === bytes.length) return buffer;
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(kind, maxOutputLength) : toDamage(kind, cause);
	}
	throw goesOn(kind);
};

/** Unpacks gzip (RFC 1952, also several members) up to the limits. @throws SlipwayError ARCHIVE_CORRUPT, ARCHIVE_TRUNCATED, ARCHIVE_AMBIGUOUS, ARCHIVE_LIMIT_EXCEEDED */
export const gunzipLimited = (bytes: Uint8Array, limits: Limits = {}): Buffer =>
	unpackAtOnce('gzip', bytes, limits);

/** Unpacks zstd (RFC 8878) up to the limits. @throws SlipwayError ARCHIVE_CORRUPT, ARCHIVE_TRUNCATED, ARCHIVE_AMBIGUOUS, ARCHIVE_LIMIT_EXCEEDED */
export const unzstdLimited = (bytes: Uint8Array, limits: Limits = {}): Buffer =>
	unpackAtOnce('zstd', bytes, limits);

/** A compressed stream that comes in chunks. */
export interface CompressedChunks {
	readonly kind: Compression;
	/** Of all chunks. */
	readonly size: number;
	readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/**
 * Unpacks chunk by chunk up to `most` bytes: only a few chunks are held.
 * @throws SlipwayError ARCHIVE_CORRUPT, ARCHIVE_TRUNCATED, ARCHIVE_AMBIGUOUS, ARCHIVE_LIMIT_EXCEEDED, and what the chunks throw
 */
export async function* unpackChunks(
	{ kind, size, chunks }: CompressedChunks,
	most: number,
): AsyncGenerator<Uint8Array, void, void> {
	const engine = KINDS[kind].open({ chunkSize: CHUNK_BYTES });
	const source = Readable.from(chunks, { objectMode: false });
	const piped = pipeline(source, engine).catch((cause) => cause);
	let unpacked = 0;
	try {
		for await (const chunk of engine as AsyncIterable<Buffer>) {
			unpacked += chunk.length;
			if (unpacked > most) throw tooLarge(kind, most);
			yield chunk;
		}
	} catch (cause) {
		throw cause instanceof SlipwayError ? cause : toDamage(kind, cause);
	} finally {
		engine.destroy();
		await piped;
	}
	if (engine.bytesWritten !== size) throw goesOn(kind);
}

const MAGIC: readonly (readonly [kind: Compression | 'xz' | 'zip' | 'ar', start: readonly number[]])[] = [
	['gzip', [0x1f, 0x8b]],
	['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
	['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
	['zip', [0x50, 0x4b, 0x03, 0x04]],
	['ar', [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a]],
];

/** Which format the first bytes announce; undefined for none of them. */
export const findFormat = (bytes: Uint8Array): Compression | 'xz' | 'zip' | 'ar' | 'tar' | undefined => {
	const known = MAGIC.find(([, start]) => start.every((byte, index) => bytes[index] === byte));
	if (known) return known[0];
	const magic = Buffer.from(bytes.subarray(257, 262)).toString('latin1');
	return magic === 'ustar' ? 'tar' : undefined;
};
