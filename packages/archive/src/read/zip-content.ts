import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Entry } from 'yauzl';
import { toArchiveError } from './error.ts';

/** Compression methods: APPNOTE.TXT, 4.4.5. */
export const STORED = 0;
export const DEFLATED = 8;

const CHUNK_BYTES = 256 * 1024;

type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function* inflate(chunks: Chunks): AsyncGenerator<Uint8Array, void, void> {
	const engine = createInflateRaw({ chunkSize: CHUNK_BYTES });
	const piped = pipeline(Readable.from(chunks, { objectMode: false }), engine).catch(() => undefined);
	try {
		yield* engine as AsyncIterable<Buffer>;
	} finally {
		engine.destroy();
		await piped;
	}
}

/**
 * Looks whether the content of an entry has the announced size and checksum, chunk by chunk, and keeps none of it.
 * @throws SlipwayError ARCHIVE_CORRUPT, and what the chunks and zlib throw
 */
export const verifyZipContent = async (entry: Entry, data: Chunks): Promise<void> => {
	let size = 0;
	let checksum = 0;
	for await (const chunk of entry.compressionMethod === STORED ? data : inflate(data)) {
		size += chunk.length;
		if (size > entry.uncompressedSize) break;
		checksum = crc32(chunk, checksum);
	}
	if (size !== entry.uncompressedSize || checksum !== entry.crc32)
		throw toArchiveError('ARCHIVE_CORRUPT', 'the content of a zip entry is not what its header announces');
};
