import { crc32, inflateRawSync } from 'node:zlib';
import { SlipwayError } from '@slipway/core';
import * as yauzl from 'yauzl';
import type { ArchiveEntry } from './entry.ts';
import { EntrySet, toEntryPath } from './entry-set.ts';
import { toArchiveError } from './error.ts';
import { type ArchiveLimits, toLimits, toUnpackedLimit } from './limits.ts';

/** A view of no bytes would keep the whole entry in memory. */
const NO_BYTES = new Uint8Array(0);
const STORED = 0;
const DEFLATED = 8;
const MADE_BY_UNIX = 3;

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

const toMode = (entry: yauzl.Entry): number =>
	entry.versionMadeBy >>> 8 === MADE_BY_UNIX ? entry.externalFileAttributes >>> 16 : 0;

const toType = (name: string, unixMode: number): ArchiveEntry['type'] => {
	const type = TYPES.get(unixMode & TYPE_MASK);
	if (!type) throw toArchiveError('ARCHIVE_ENTRY_REFUSED', 'expected files, folders and links in a zip file');
	return name.endsWith('/') ? 'directory' : type;
};

const checkFields = (entry: yauzl.Entry): void => {
	if (entry.isEncrypted()) throw toArchiveError('ARCHIVE_ENTRY_REFUSED', 'encrypted entries are refused');
	if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
		throw toArchiveError('ARCHIVE_ENTRY_REFUSED', `compression method ${entry.compressionMethod} is refused`);
};

/** The content, with the announced size and checksum (yauzl leaves CRC-32 to its callers). */
const unpack = (entry: yauzl.Entry, data: Uint8Array, limits: ArchiveLimits): Uint8Array => {
	const size = entry.uncompressedSize;
	if (size > toUnpackedLimit(data.length, limits))
		throw toArchiveError('ARCHIVE_LIMIT_EXCEEDED', `${data.length} bytes announce to unpack to ${size}`);
	// One byte more than announced is enough to see a lie; maxOutputLength must not be 0.
	const bytes =
		entry.compressionMethod === STORED ? data : inflateRawSync(data, { maxOutputLength: size + 1 });
	if (bytes.length !== size || crc32(bytes) !== entry.crc32)
		throw toArchiveError('ARCHIVE_CORRUPT', 'the content of a zip entry is not what its header announces');
	return bytes;
};

const toEntry = (
	name: string,
	entry: yauzl.Entry,
	bytes: Uint8Array,
	limits: ArchiveLimits,
): ArchiveEntry => {
	const unixMode = toMode(entry);
	const type = toType(name, unixMode);
	if (type === 'directory' && bytes.length > 0)
		throw toArchiveError('ARCHIVE_AMBIGUOUS', 'readers of zip disagree: a folder with content');
	return {
		path: toEntryPath(name, limits),
		type,
		mode: type === 'symlink' ? unixMode & 0o777 : unixMode & 0o7777,
		size: type === 'file' ? bytes.length : 0,
		mtime: entry.getLastModDate({ timezone: 'UTC' }).getTime() / 1000,
		...(type === 'symlink' ? { linkName: Buffer.from(bytes).toString() } : {}),
		bytes: type === 'file' ? bytes : bytes.subarray(0, 0),
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
	zip: yauzl.ZipFile,
	entry: yauzl.Entry,
	archive: Buffer,
	limits: ArchiveLimits,
): Promise<{ entry: ArchiveEntry; extent: Extent }> => {
	checkFields(entry);
	const local = await zip.readLocalFileHeaderPromise(entry, {});
	if (!local.fileName.equals(entry.fileNameRaw) || local.compressionMethod !== entry.compressionMethod)
		throw toArchiveError('ARCHIVE_AMBIGUOUS', 'the two headers of a zip entry differ');
	const end = local.fileDataStart + entry.compressedSize;
	if (end > archive.length) throw toArchiveError('ARCHIVE_TRUNCATED', 'a zip entry ends behind the file');
	const bytes = unpack(entry, archive.subarray(local.fileDataStart, end), limits);
	const name = yauzl.getFileNameLowLevel(
		entry.generalPurposeBitFlag,
		entry.fileNameRaw,
		entry.extraFields,
		true,
	);
	return { entry: toEntry(name, entry, bytes, limits), extent: [entry.relativeOffsetOfLocalHeader, end] };
};

/**
 * Reads a zip file (stored and deflated entries) entry by entry, so that of a large one only the archive itself is held.
 * What `visit` was given counts only once this resolves: the archive as a whole is judged at its end.
 * @throws SlipwayError ARCHIVE_*, and what visit throws
 */
export const visitZip = async (
	bytes: Uint8Array,
	visit: (entry: ArchiveEntry) => void,
	limits: Partial<ArchiveLimits> = {},
): Promise<void> => {
	const all = toLimits(limits);
	const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const entries = new EntrySet(all);
	const extents: Extent[] = [];
	try {
		const zip = await yauzl.fromBufferPromise(archive, { lazyEntries: true, decodeStrings: false });
		for await (const raw of zip.eachEntry()) {
			entries.announce(raw.uncompressedSize);
			const { entry, extent } = await readEntry(zip, raw, archive, all);
			entries.add({ ...entry, bytes: NO_BYTES });
			extents.push(extent);
			visit(entry);
		}
	} catch (cause) {
		if (cause instanceof SlipwayError) throw cause;
		throw toArchiveError('ARCHIVE_CORRUPT', 'expected a whole, plain zip file', cause);
	}
	checkExtents(extents);
	entries.finish();
};

/**
 * Reads a zip file (stored and deflated entries) in memory; nothing is extracted. The central directory and the
 * local headers have to agree.
 * @throws SlipwayError ARCHIVE_*
 */
export const readZip = async (
	bytes: Uint8Array,
	limits: Partial<ArchiveLimits> = {},
): Promise<readonly ArchiveEntry[]> => {
	const entries: ArchiveEntry[] = [];
	await visitZip(bytes, (entry) => void entries.push(entry), limits);
	return entries;
};
