import { gunzipSync, zstdDecompressSync } from 'node:zlib';
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

const unpack = (kind: string, decompress: Unpack, bytes: Uint8Array, limits: Limits): Buffer => {
	const maxOutputLength = toUnpackedLimit(bytes.length, toLimits(limits));
	try {
		const result = decompress(bytes, { maxOutputLength, chunkSize: CHUNK_BYTES, info: true });
		const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } };
		if (engine.bytesWritten === bytes.length) return buffer;
	} catch (cause) {
		const { code = '' } = cause as NodeJS.ErrnoException;
		if (code === 'ERR_BUFFER_TOO_LARGE')
			throw toArchiveError(
				'ARCHIVE_LIMIT_EXCEEDED',
				`${bytes.length} bytes of ${kind} unpack to more than ${maxOutputLength}`,
			);
		const reason = MESSAGES[code] ?? 'is damaged';
		throw toArchiveError(
			reason === 'is damaged' ? 'ARCHIVE_CORRUPT' : 'ARCHIVE_TRUNCATED',
			`the ${kind} stream ${reason}`,
			cause,
		);
	}
	throw toArchiveError('ARCHIVE_AMBIGUOUS', `bytes after the end of the ${kind} stream`);
};

/** Unpacks gzip (RFC 1952, also several members) up to the limits. @throws SlipwayError ARCHIVE_CORRUPT, ARCHIVE_TRUNCATED, ARCHIVE_AMBIGUOUS, ARCHIVE_LIMIT_EXCEEDED */
export const gunzipLimited = (bytes: Uint8Array, limits: Limits = {}): Buffer =>
	unpack('gzip', gunzipSync as Unpack, bytes, limits);

/** Unpacks zstd (RFC 8878) up to the limits. @throws SlipwayError ARCHIVE_CORRUPT, ARCHIVE_TRUNCATED, ARCHIVE_AMBIGUOUS, ARCHIVE_LIMIT_EXCEEDED */
export const unzstdLimited = (bytes: Uint8Array, limits: Limits = {}): Buffer =>
	unpack('zstd', zstdDecompressSync as Unpack, bytes, limits);

const MAGIC: readonly (readonly [kind: 'gzip' | 'zstd' | 'xz' | 'zip' | 'ar', start: readonly number[]])[] = [
	['gzip', [0x1f, 0x8b]],
	['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
	['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
	['zip', [0x50, 0x4b, 0x03, 0x04]],
	['ar', [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a]],
];

/** Which format the first bytes announce; undefined for none of them. */
export const findFormat = (bytes: Uint8Array): 'gzip' | 'zstd' | 'xz' | 'zip' | 'ar' | 'tar' | undefined => {
	const known = MAGIC.find(([, start]) => start.every((byte, index) => bytes[index] === byte));
	if (known) return known[0];
	const magic = Buffer.from(bytes.subarray(257, 262)).toString('latin1');
	return magic === 'ustar' ? 'tar' : undefined;
};
