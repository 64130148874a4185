import { type Compression, unpackAtOnce, unpackChunks } from './decompress.ts';
import type { ArchiveEntry } from './entry.ts';
import { type ArchiveLimits, AT_ONCE_BYTES, toLimits, toUnpackedLimit } from './limits.ts';
import { readTar, verifyTarChunks } from './read-tar.ts';

/**
 * Reads a compressed tar file. What could become large is looked through first, chunk by chunk: a hostile one is refused
 * before it is held in memory.
 * @returns the unpacked tar and its entries, which are views of it
 * @throws SlipwayError ARCHIVE_*
 */
export const readCompressedTar = async (
	kind: Compression,
	bytes: Uint8Array,
	limits: Partial<ArchiveLimits> = {},
): Promise<{ readonly tar: Buffer; readonly entries: readonly ArchiveEntry[] }> => {
	const all = toLimits(limits);
	const most = toUnpackedLimit(bytes.length, all);
	if (most > AT_ONCE_BYTES)
		await verifyTarChunks(unpackChunks({ kind, size: bytes.length, chunks: [bytes] }, most), all);
	const tar = unpackAtOnce(kind, bytes, all);
	return { tar, entries: readTar(tar, all) };
};
