import { createGunzip, createZstdDecompress } from 'node:zlib';
import { gunzipLimited, unzstdLimited } from './decompress.ts';
import type { ArchiveEntry } from './entry.ts';
import { toArchiveError } from './error.ts';
import { type ArchiveLimits, toLimits, toUnpackedLimit } from './limits.ts';
import { readTar, verifyTarChunks } from './read-tar.ts';

const MEBIBYTE = 1024 * 1024;
/** What may unpack to no more than this is unpacked at once. */
const AT_ONCE_BYTES = 64 * MEBIBYTE;
/** Deflate unpacks a byte to at most about 1,030, zstd four to 128 KiB: what one slice becomes fits in 32 MiB. */
const SLICE_BYTES = { gzip: 16 * 1024, zstd: 1024 } as const;

const KINDS = {
	gzip: { open: createGunzip, unpack: gunzipLimited },
	zstd: { open: createZstdDecompress, unpack: unzstdLimited },
} as const;

type Kind = keyof typeof KINDS;

/** What npm's reader of tarballs (minizlib) works with too: one chunk in, all that it becomes out. Node has no other way
 * to unpack step by step without waiting; it closes the handle after each, unless that is kept from it. */
interface Engine {
	_handle: { close(): void } | null;
	_processChunk(chunk: Uint8Array, flush: number): Uint8Array;
	removeAllListeners(event: 'error'): Engine;
	on(event: 'error', listener: () => void): Engine;
}

/** @returns what the chunk becomes, the engine ready for the next one */
const step = (engine: Engine, handle: NonNullable<Engine['_handle']>, chunk: Uint8Array, flush: number) => {
	const { close } = handle;
	handle.close = () => undefined;
	try {
		return engine._processChunk(chunk, flush);
	} finally {
		handle.close = close;
		engine._handle = handle;
		// Each chunk adds a listener; what is thrown is emitted later too, and must find one.
		engine.removeAllListeners('error').on('error', () => undefined);
	}
};

const SYNC_FLUSH = { gzip: 2, zstd: 1 } as const;

/** Unpacks slice by slice, so that only one is held; stops at the limit. */
function* unpackSlices(kind: Kind, bytes: Uint8Array, most: number): Generator<Uint8Array, void, void> {
	const engine = KINDS[kind].open() as unknown as Engine;
	const handle = engine._handle;
	if (!handle) return;
	const length = SLICE_BYTES[kind];
	let size = 0;
	try {
		for (let at = 0; at < bytes.length; at += length) {
			const slice = step(engine, handle, bytes.subarray(at, at + length), SYNC_FLUSH[kind]);
			size += slice.length;
			if (size > most)
				throw toArchiveError(
					'ARCHIVE_LIMIT_EXCEEDED',
					`${bytes.length} bytes of ${kind} unpack to more than ${most}`,
				);
			yield slice;
		}
	} finally {
		handle.close();
	}
}

/** Whatever the slices cannot say about damage, unpacking at once says with its reason. */
const isRefusal = (thrown: unknown): boolean =>
	thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ARCHIVE_');

const verifySlices = (kind: Kind, bytes: Uint8Array, limits: ArchiveLimits): void => {
	try {
		verifyTarChunks(unpackSlices(kind, bytes, toUnpackedLimit(bytes.length, limits)), limits);
	} catch (thrown) {
		if (isRefusal(thrown)) throw thrown;
		throw toArchiveError('ARCHIVE_CORRUPT', `the ${kind} stream is damaged`, thrown);
	}
};

/**
 * Reads a compressed tar file. What could become large is looked through first, slice by slice: a hostile one is refused
 * before it is held in memory.
 * @returns the unpacked tar and its entries, which are views of it
 * @throws SlipwayError ARCHIVE_*
 */
export const readCompressedTar = (
	kind: Kind,
	bytes: Uint8Array,
	limits: Partial<ArchiveLimits> = {},
): { readonly tar: Buffer; readonly entries: readonly ArchiveEntry[] } => {
	const all = toLimits(limits);
	if (toUnpackedLimit(bytes.length, all) > AT_ONCE_BYTES) verifySlices(kind, bytes, all);
	const tar = KINDS[kind].unpack(bytes, all);
	return { tar, entries: readTar(tar, all) };
};
