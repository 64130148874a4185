import { crc32, inflateRawSync } from 'node:zlib';
import { SlipwayError } from '@slipway/core';
import * as yauzl from 'yauzl';
import type { ArchiveEntry } from './entry.ts';
import { EntrySet, toEntryPath } from './entry-set.ts';
import { toArchiveError } from './error.ts';
import { type ArchiveLimits, AT_ONCE_BYTES, toLimits, toUnpackedLimit } from './limits.ts';
import { DEFLATED, STORED, verifyZipContent } from './zip-content.ts';
import { openFilePlace, toMemoryPlace, type ZipPlace } from './zip-place.ts';

/** A view of no bytes would keep the whole entry in memory. */
const NO_BYTES = new Uint8Array(0);
const MADE_BY_UNIX = 3;
/** PATH_MAX with room: a longer target leads nowhere on any system. */
const MAX_LINK_BYTES = 8192;

/** File type bits of a Unix mode: stat(2). None at all means a plain file. */
const TYPE_MASK = 0o170000;
const TYPES: ReadonlyMap<number, ArchiveEntry['type']> = new Map([
	[0, 'file'],
	[0o100000, 'file'],
	[0o040000, 'directory'],
	[0o120000, 'symlink'],
]);

/** Where one entry lies in the archive: local header and data. */
type Extent = readonly [start: number, end: number];

/** What is done with an entry; without it, contents are looked through and not kept. */
type Visit = ((entry: ArchiveEntry) => void) | undefined;

interface Reading {
	readonly place: ZipPlace;
	readonly zip: yauzl.ZipFile;
	readonly limits: ArchiveLimits;
	readonly keep: boolean;
}

const toMode = (entry: yauzl.Entry): number =>
	entry.versionMadeBy >>> 8 === MADE_BY_UNIX ? entry.externalFileAttributes >>> 16 : 0;

const toType = (name: string, entry: yauzl.Entry): ArchiveEntry['type'] => {
	const type = TYPES.get(toMode(entry) & TYPE_MASK);
	if (!type) throw toArchiveError('ARCHIVE_ENTRY_REFUSED', 'expected files, folders and links in a zip file');
	if (type === 'symlink' && entry.uncompressedSize > MAX_LINK_BYTES)
		throw toArchiveError(
			'ARCHIVE_LIMIT_EXCEEDED',
			`expected link targets of at most ${MAX_LINK_BYTES} bytes`,
		);
	return name.endsWith('/') ? 'directory' : type;
};

const checkFields = (entry: yauzl.Entry): void => {
	if (entry.isEncrypted()) throw toArchiveError('ARCHIVE_ENTRY_REFUSED', 'encrypted entries are refused');
	if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
		throw toArchiveError('ARCHIVE_ENTRY_REFUSED', `compression method ${entry.compressionMethod} is refused`);
};

/** The content, with the announced size and checksum (yauzl leaves CRC-32 to its callers). */
const unpack = (entry: yauzl.Entry, data: Uint8Array): Uint8Array => {
	const size = entry.uncompressedSize;
	// One byte more than announced is enough to see a lie; maxOutputLength must not be 0.
	const bytes =
		entry.compressionMethod === STORED ? data : inflateRawSync(data, { maxOutputLength: size + 1 });
	if (bytes.length !== size || crc32(bytes) !== entry.crc32)
		throw toArchiveError('ARCHIVE_CORRUPT', 'the content of a zip entry is not what its header announces');
	return bytes;
};

const readContent = async (
	entry: yauzl.Entry,
	[start, end]: Extent,
	reading: Reading,
): Promise<Uint8Array> => {
	const { limits, place, keep } = reading;
	const size = entry.uncompressedSize;
	if (size > toUnpackedLimit(end - start, limits))
		throw toArchiveError('ARCHIVE_LIMIT_EXCEEDED', `${end - start} bytes announce to unpack to ${size}`);
	if (Math.max(size, end - start) > AT_ONCE_BYTES) {
		await verifyZipContent(entry, place.stream(start, end));
		if (!keep) return NO_BYTES;
	}
	return unpack(entry, await place.read(start, end));
};

const toEntry = (
	name: string,
	entry: yauzl.Entry,
	bytes: Uint8Array,
	limits: ArchiveLimits,
): ArchiveEntry => {
	const type = toType(name, entry);
	if (type === 'directory' && entry.uncompressedSize > 0)
		throw toArchiveError('ARCHIVE_AMBIGUOUS', 'readers of zip disagree: a folder with content');
	const mode = toMode(entry);
	return {
		path: toEntryPath(name, limits),
		type,
		mode: type === 'symlink' ? mode & 0o777 : mode & 0o7777,
		size: type === 'file' ? entry.uncompressedSize : 0,
		mtime: entry.getLastModDate({ timezone: 'UTC' }).getTime() / 1000,
		...(type === 'symlink' ? { linkName: Buffer.from(bytes).toString() } : {}),
		bytes: type === 'file' ? bytes : NO_BYTES,
		owner: { uid: 0, gid: 0, user: '', group: '' },
	};
};

/** Overlapping entries are the trick of the largest bombs; gaps hide what only some readers see. */
const checkExtents = (extents: readonly Extent[]): void => {
	let end = 0;
	for (const [start, next] of [...extents].sort(([a], [b]) => a - b)) {
		if (start < end) throw toArchiveError('ARCHIVE_AMBIGUOUS', 'entries of the zip file overlap');
		if (end === 0 && start > 0) throw toArchiveError('ARCHIVE_AMBIGUOUS', 'bytes in front of the zip file');
		end = next;
	}
};

const readEntry = async (
	entry: yauzl.Entry,
	reading: Reading,
): Promise<{ entry: ArchiveEntry; extent: Extent }> => {
	checkFields(entry);
	const { zip, place, limits } = reading;
	const local = await zip.readLocalFileHeaderPromise(entry, {});
	if (!local.fileName.equals(entry.fileNameRaw) || local.compressionMethod !== entry.compressionMethod)
		throw toArchiveError('ARCHIVE_AMBIGUOUS', 'the two headers of a zip entry differ');
	const end = local.fileDataStart + entry.compressedSize;
	if (end > place.size) throw toArchiveError('ARCHIVE_TRUNCATED', 'a zip entry ends behind the file');
	const name = yauzl.getFileNameLowLevel(
		entry.generalPurposeBitFlag,
		entry.fileNameRaw,
		entry.extraFields,
		true,
	);
	toType(name, entry);
	const bytes = await readContent(entry, [local.fileDataStart, end], reading);
	return { entry: toEntry(name, entry, bytes, limits), extent: [entry.relativeOffsetOfLocalHeader, end] };
};

const walkZip = async (place: ZipPlace, limits: ArchiveLimits, visit: Visit): Promise<void> => {
	const entries = new EntrySet(limits);
	const extents: Extent[] = [];
	try {
		const zip = await place.openDirectory();
		const reading = { place, zip, limits, keep: visit !== undefined };
		for await (const raw of zip.eachEntry()) {
			entries.announce(raw.uncompressedSize);
			const { entry, extent } = await readEntry(raw, reading);
			entries.add({ ...entry, bytes: NO_BYTES });
			extents.push(extent);
			visit?.(entry);
		}
	} catch (cause) {
		if (cause instanceof SlipwayError) throw cause;
		throw toArchiveError('ARCHIVE_CORRUPT', 'expected a whole, plain zip file', cause);
	} finally {
		await place.close();
	}
	checkExtents(extents);
	entries.finish();
};

/**
 * Reads a zip file (stored and deflated entries) entry by entry, so that one entry at a time is held.
 * What `visit` was given counts only once this resolves: the archive as a whole is judged at its end.
 * @throws SlipwayError ARCHIVE_*, and what opening the file and visit throw
 */
export const visitZipFile = async (
	path: string,
	visit: (entry: ArchiveEntry) => void,
	limits: Partial<ArchiveLimits> = {},
): Promise<void> => walkZip(await openFilePlace(path), toLimits(limits), visit);

/** Refuses what `readZip` would refuse, and keeps nothing. @throws SlipwayError ARCHIVE_*, and what opening the file throws */
export const verifyZipFile = async (path: string, limits: ArchiveLimits): Promise<void> =>
	walkZip(await openFilePlace(path), limits, undefined);

/**
 * Reads a zip file (stored and deflated entries) in memory; nothing is extracted. The central directory and the
 * local headers have to agree. What could become large is looked through first, and refused before it is held.
 * @throws SlipwayError ARCHIVE_*
 */
export const readZip = async (
	bytes: Uint8Array,
	limits: Partial<ArchiveLimits> = {},
): Promise<readonly ArchiveEntry[]> => {
	const all = toLimits(limits);
	const entries: ArchiveEntry[] = [];
	if (toUnpackedLimit(bytes.length, all) > AT_ONCE_BYTES) await walkZip(toMemoryPlace(bytes), all, undefined);
	await walkZip(toMemoryPlace(bytes), all, (entry) => void entries.push(entry));
	return entries;
};
