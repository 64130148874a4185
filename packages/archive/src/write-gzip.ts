import { constants, gzipSync } from 'node:zlib';

/** The header's operating system byte (RFC 1952, 2.3.1); zlib writes that of the machine. 3 is Unix, as GNU gzip writes. */
const OS_OFFSET = 9;
const OS_UNIX = 3;

/**
 * Compresses at level 9 under a header without name and time (`gzip -9n`), the same on every platform.
 * Another version of zlib may give other bytes for the same input.
 */
export const toGzip = (bytes: Uint8Array): Buffer => {
	const compressed = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
	compressed[OS_OFFSET] = OS_UNIX;
	return compressed;
};
