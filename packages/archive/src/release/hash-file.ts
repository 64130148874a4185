import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Digest } from '@slipway/core';
import { type Hashers, withHashers } from '../hash/hashers.ts';

export interface HashedFile {
	/** Bytes. */
	readonly size: number;
	readonly digest: Required<Digest>;
}

const CHUNK_BYTES = 1024 * 1024;
/** From here on two threads win more than it costs to start them. */
const THREADS_FROM_BYTES = 32 * 1024 * 1024;
const MAX_THREADS = 4;

const hashHere = async (path: string): Promise<HashedFile> => {
	const sha256 = createHash('sha256');
	const sha512 = createHash('sha512');
	let size = 0;
	for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
		sha256.update(chunk as Buffer);
		sha512.update(chunk as Buffer);
		size += (chunk as Buffer).length;
	}
	return { size, digest: { sha256: sha256.digest('hex'), sha512: sha512.digest('hex') } };
};

const toHashed = (size: number, [sha256 = '', sha512 = '']: readonly string[]): HashedFile => ({
	size,
	digest: { sha256, sha512 },
});

/** Each algorithm in a thread of its own: a single file cannot be divided otherwise. */
const hashByAlgorithm = async (path: string, { hashFile }: Hashers): Promise<HashedFile> => {
	const [one, other] = await Promise.all([hashFile(path, ['sha256']), hashFile(path, ['sha512'])]);
	if (one.size !== other.size)
		throw new Error(`${path} changed while it was hashed: ${one.size} bytes, then ${other.size}`);
	return toHashed(one.size, [...one.digests, ...other.digests]);
};

const hashWhole = async (path: string, { hashFile }: Hashers): Promise<HashedFile> => {
	const { size, digests } = await hashFile(path, ['sha256', 'sha512']);
	return toHashed(size, digests);
};

const hashHereInTurn = async (paths: readonly string[]): Promise<HashedFile[]> => {
	const hashed: HashedFile[] = [];
	for (const path of paths) hashed.push(await hashHere(path));
	return hashed;
};

/**
 * Size, sha256 and sha512 of files in their order, in constant memory: large ones, and many, in several threads.
 * @throws what reading a file throws
 */
export const hashFiles = async (paths: readonly string[]): Promise<HashedFile[]> => {
	const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
	const total = sizes.reduce((sum, size) => sum + size, 0);
	const threads = Math.min(MAX_THREADS, availableParallelism());
	if (total < THREADS_FROM_BYTES || threads === 1) return hashHereInTurn(paths);
	// Files that are many enough keep every thread busy to the end, and are read once each.
	const hashOne = paths.length < threads * threads ? hashByAlgorithm : hashWhole;
	return withHashers(threads, (hashers) => Promise.all(paths.map((path) => hashOne(path, hashers))));
};

/** Size, sha256 and sha512 of a file, in constant memory. @throws what reading the file throws */
export const hashFile = async (path: string): Promise<HashedFile> => {
	const [hashed] = await hashFiles([path]);
	return hashed as HashedFile;
};

/** Size, sha256 and sha512 of bytes in memory. */
export const hashBytes = (bytes: Uint8Array): HashedFile => ({
	size: bytes.length,
	digest: { sha256: hash('sha256', bytes), sha512: hash('sha512', bytes) },
});
