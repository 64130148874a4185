import { createReadStream, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type CompressedChunks, type Compression, findFormat, unpackChunks } from './decompress.ts';
import { type ArchiveLimits, AT_ONCE_BYTES, toLimits, toUnpackedLimit } from './limits.ts';
import { verifyArHeaders } from './read-ar.ts';
import { verifyTarChunks } from './read-tar.ts';
import { verifyZipFile } from './read-zip.ts';

/** A stretch of a file. */
interface Part {
	readonly path: string;
	readonly file: FileHandle;
	readonly start: number;
	readonly end: number;
}

type Chunks = CompressedChunks['chunks'];

const START_BYTES = 512;
const CHUNK_BYTES = 256 * 1024;

/** A few bytes: waiting for another thread would take longer than reading them. */
const readAt = ({ file }: Part, start: number, length: number): Buffer => {
	const bytes = Buffer.alloc(length);
	return bytes.subarray(0, readSync(file.fd, bytes, 0, length, start));
};

const toChunks = ({ path, start, end }: Part): AsyncIterable<Uint8Array> =>
	createReadStream(path, { start, end: end - 1, highWaterMark: CHUNK_BYTES });

const drain = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
	for await (const _ of chunks);
};

/** What a compressed stream holds is a tar file or, where it does not begin as one, only has to unpack within the limits. */
const verifyCompressed = async (
	{ kind, size, toChunks }: { kind: Compression; size: number; toChunks: () => Chunks },
	limits: ArchiveLimits,
): Promise<void> => {
	const toUnpacked = () => unpackChunks({ kind, size, chunks: toChunks() }, toUnpackedLimit(size, limits));
	const unpacked = toUnpacked();
	const { value: first } = await unpacked.next();
	await unpacked.return();
	if (first && findFormat(first) === 'tar') await verifyTarChunks(toUnpacked(), limits);
	else await drain(toUnpacked());
};

const verifyPart = async (part: Part, limits: ArchiveLimits): Promise<void> => {
	if (part.end <= part.start) return;
	const kind = findFormat(readAt(part, part.start, Math.min(START_BYTES, part.end - part.start)));
	if (kind === 'tar') await verifyTarChunks(toChunks(part), limits);
	if (kind === 'gzip' || kind === 'zstd')
		await verifyCompressed({ kind, size: part.end - part.start, toChunks: () => toChunks(part) }, limits);
};

const verifyAr = async (part: Part, limits: ArchiveLimits): Promise<void> => {
	const members = verifyArHeaders(part.end, (start, length) => readAt(part, start, length), limits);
	for (const [start, end] of members) await verifyPart({ ...part, start, end }, limits);
};

/**
 * Looks through a compressed stream in memory that could become large, and the tar file in it where it holds one.
 * @throws SlipwayError ARCHIVE_*
 */
export const verifyCompressedBytes = async (
	kind: Compression,
	bytes: Uint8Array,
	limits: Partial<ArchiveLimits> = {},
): Promise<void> => {
	const all = toLimits(limits);
	if (toUnpackedLimit(bytes.length, all) <= AT_ONCE_BYTES) return;
	await verifyCompressed({ kind, size: bytes.length, toChunks: () => [bytes] }, all);
};

/**
 * Looks through a tar file as `readTar` would, in little memory.
 * @throws SlipwayError ARCHIVE_*, and what reading the file throws
 */
export const verifyTarFile = (path: string, limits: Partial<ArchiveLimits> = {}): Promise<void> =>
	verifyTarChunks(createReadStream(path, { highWaterMark: CHUNK_BYTES }), limits);

/**
 * Looks through an archive of any size before anybody holds it in memory: tar (also in gzip or zstd), ar with such
 * members (a .deb), zip. Refuses what their readers would refuse, in little memory. What is small, or none of these, is
 * left to its reader.
 * @throws SlipwayError ARCHIVE_*, and what opening the file throws
 */
export const verifyArchiveFile = async (path: string, limits: Partial<ArchiveLimits> = {}): Promise<void> => {
	const all = toLimits(limits);
	const file = await open(path);
	try {
		const { size } = await file.stat();
		if (size <= AT_ONCE_BYTES) return;
		const part: Part = { path, file, start: 0, end: size };
		const kind = findFormat(readAt(part, 0, START_BYTES));
		if (kind === 'zip') await verifyZipFile(path, all);
		else if (kind === 'ar') await verifyAr(part, all);
		else await verifyPart(part, all);
	} finally {
		await file.close();
	}
};
