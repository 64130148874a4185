/** Bytes of the fields that the frame header's descriptor announces (RFC 8878, 3.1.1.1). */
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RLE_BLOCK = 1;

const toHeaderBytes = (descriptor: number): number => {
	const isSingleSegment = (descriptor & 0x20) !== 0;
	const sizeFlag = descriptor >> 6;
	const contentSize = sizeFlag === 0 && isSingleSegment ? 1 : (CONTENT_SIZE_BYTES[sizeFlag] ?? 0);
	return 1 + (isSingleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0) + contentSize;
};

/**
 * Where the first zstd frame ends, by its block headers alone; undefined where the bytes end before.
 * Readers disagree about what follows it: dpkg-deb fails at a second frame, the zstd command reads it.
 */
export const findFrameEnd = (bytes: Uint8Array): number | undefined => {
	const descriptor = bytes[MAGIC_BYTES] ?? 0;
	let offset = MAGIC_BYTES + toHeaderBytes(descriptor);
	for (let isLast = false; !isLast; ) {
		const header = bytes.subarray(offset, offset + BLOCK_HEADER_BYTES);
		if (header.length < BLOCK_HEADER_BYTES) return undefined;
		const value = (header[0] ?? 0) | ((header[1] ?? 0) << 8) | ((header[2] ?? 0) << 16);
		isLast = (value & 1) === 1;
		offset += BLOCK_HEADER_BYTES + (((value >> 1) & 3) === RLE_BLOCK ? 1 : value >> 3);
	}
	const end = offset + ((descriptor & 4) !== 0 ? CHECKSUM_BYTES : 0);
	return end <= bytes.length ? end : undefined;
};
