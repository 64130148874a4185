import { Buffer } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import * as yauzl from 'yauzl';

/** Where the bytes of a zip file lie: its directory is read by yauzl, the content of its entries here. */
export interface ZipPlace {
	/** Bytes. */
	readonly size: number;
	openDirectory(): Promise<yauzl.ZipFile>;
	read(start: number, end: number): Promise<Uint8Array>;
	/** The same in chunks. */
	stream(start: number, end: number): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
	close(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;
const OPTIONS: yauzl.Options = { lazyEntries: true, decodeStrings: false };

export const toMemoryPlace = (bytes: Uint8Array): ZipPlace => {
	const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return {
		size: archive.length,
		openDirectory: () => yauzl.fromBufferPromise(archive, OPTIONS),
		read: async (start, end) => archive.subarray(start, end),
		stream: (start, end) => [archive.subarray(start, end)],
		close: async () => {},
	};
};

const readPart = async (file: FileHandle, start: number, end: number): Promise<Uint8Array> => {
	const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(end - start), 0, end - start, start);
	return buffer.subarray(0, bytesRead);
};

/** @throws what opening the file throws */
export const openFilePlace = async (path: string): Promise<ZipPlace> => {
	const file = await open(path);
	const { size } = await file.stat();
	return {
		size,
		openDirectory: () => yauzl.openPromise(path, OPTIONS),
		read: (start, end) => readPart(file, start, end),
		// `end` of a stream is its last byte.
		stream: (start, end) =>
			end > start ? createReadStream(path, { start, end: end - 1, highWaterMark: CHUNK_BYTES }) : [],
		close: () => file.close(),
	};
};
