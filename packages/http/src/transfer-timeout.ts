const BASE_MS = 60_000;
const MS_PER_CHUNK = 1000;
const CHUNK_BYTES = 256 * 1024;

/** How long a transfer of at most `bytes` may take, in ms: 60 s, and 1 s more for each begun 256 KiB. */
export const toTransferTimeout = (bytes: number): number =>
	BASE_MS + Math.ceil(bytes / CHUNK_BYTES) * MS_PER_CHUNK;
