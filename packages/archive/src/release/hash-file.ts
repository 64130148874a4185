import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Digest } from '@slipway/core';

export interface HashedFile {
	/** Bytes. */
	readonly size: number;
	readonly digest: Required<Digest>;
}

const CHUNK_BYTES = 1024 * 1024;

/** Size, sha256 and sha512 of a file in one pass, in constant memory. @throws what reading the file throws */
export const hashFile = async (path: string): Promise<HashedFile> => {
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

/** Size, sha256 and sha512 of bytes in memory. */
export const hashBytes = (bytes: Uint8Array): HashedFile => ({
	size: bytes.length,
	digest: {
		sha256: createHash('sha256').update(bytes).digest('hex'),
		sha512: createHash('sha512').update(bytes).digest('hex'),
	},
});
