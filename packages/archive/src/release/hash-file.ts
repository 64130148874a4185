import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Digest } from '@slipway/core';
import { type Hashers, withHashers } from '../hash/hashers.ts';

export interface HashedFile {
	/** Bytes. */
	readonly size: number;
	readonly digest: Digest;
}

/** By both digests. */
export interface TwiceHashedFile extends HashedFile {
	readonly digest: Required<Digest>;
}

/** `sha512` costs as much again as sha256, and is wanted where a registry names files by it. */
export interface FileToHash {
	readonly path: string;
	readonly sha512: boolean;
}

type Algorithm = keyof Digest;

const CHUNK_BYTES = 1024 * 1024;
/** From here on two threads win more than it costs to start them. */
const THREADS_FROM_BYTES = 32 * 1024 * 1024;
const MAX_THREADS = 4;

const toAlgorithms = ({ sha512 }: FileToHash): readonly Algorithm[] =>
	sha512 ? ['sha256', 'sha512'] : ['sha256'];

const toHashed = (size: number, [sha256 = '', sha512]: readonly string[]): HashedFile => ({
	size,
	digest: { sha256, ...(sha512 !== undefined && { sha512 }) },
});

const hashHere = async (file: FileToHash): Promise<HashedFile> => {
	const hashes = toAlgorithms(file).map((algorithm) => createHash(algorithm));
	let size = 0;
	for await (const chunk of createReadStream(file.path, { highWaterMark: CHUNK_BYTES })) {
		for (const each of hashes) each.update(chunk as Buffer);
		size += (chunk as Buffer).length;
	}
	return toHashed(
		size,
		hashes.map((each) => each.digest('hex')),
	);
};

/** Each algorithm in a thread of its own: a single file cannot be divided otherwise. */
const hashByAlgorithm = async (file: FileToHash, { hashFile }: Hashers): Promise<HashedFile> => {
	const found = await Promise.all(toAlgorithms(file).map((algorithm) => hashFile(file.path, [algorithm])));
	const [size = 0, other = size] = found.map((each) => each.size);
	if (size !== other)
		throw new Error(`${file.path} changed while it was hashed: ${size} bytes, then ${other}`);
	return toHashed(
		size,
		found.flatMap(({ digests }) => digests),
	);
};

const hashWhole = async (file: FileToHash, { hashFile }: Hashers): Promise<HashedFile> => {
	const { size, digests } = await hashFile(file.path, toAlgorithms(file));
	return toHashed(size, digests);
};

const hashHereInTurn = async (files: readonly FileToHash[]): Promise<HashedFile[]> => {
	const hashed: HashedFile[] = [];
	for (const file of files) hashed.push(await hashHere(file));
	return hashed;
};

/**
 * Size and digests of files in their order, in constant memory: large ones, and many, in several threads.
 * @throws what reading a file throws
 */
export const hashFiles = async (files: readonly FileToHash[]): Promise<HashedFile[]> => {
	const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
	const total = sizes.reduce((sum, size) => sum + size, 0);
	const threads = Math.min(MAX_THREADS, availableParallelism());
	if (total < THREADS_FROM_BYTES || threads === 1) return hashHereInTurn(files);
	// Files that are many enough keep every thread busy to the end, and are read once each.
	const hashOne = files.length < threads * threads ? hashByAlgorithm : hashWhole;
	return withHashers(threads, (hashers) => Promise.all(files.map((file) => hashOne(file, hashers))));
};

/** Size, sha256 and sha512 of a file, in constant memory. @throws what reading the file throws */
export const hashFile = async (path: string): Promise<TwiceHashedFile> => {
	const [hashed] = await hashFiles([{ path, sha512: true }]);
	return hashed as TwiceHashedFile;
};

/** Size, sha256 and sha512 of bytes in memory. */
export const hashBytes = (bytes: Uint8Array): TwiceHashedFile => ({
	size: bytes.length,
	digest: { sha256: hash('sha256', bytes), sha512: hash('sha512', bytes) },
});

/** Size and digests of bytes in memory, sha512 only where it is wanted. */
export const hashBytesOf = ({ bytes, sha512 }: { bytes: Uint8Array; sha512: boolean }): HashedFile =>
	sha512 ? hashBytes(bytes) : { size: bytes.length, digest: { sha256: hash('sha256', bytes) } };
