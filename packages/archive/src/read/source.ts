/** Bytes that are read from front to back, whether they lie in memory or come one chunk after the other. */
export interface ByteSource {
	/** The next bytes; fewer than asked for only at the end. */
	take(length: number): Uint8Array;
	/** Passes over bytes. @returns false where there were fewer */
	skip(length: number): boolean;
	/** Whether only zeros follow, or nothing; reads to the end. */
	endsInZeros(): boolean;
}

const ZEROS = Buffer.alloc(64 * 1024);

/** Compares stretch by stretch: a gigabyte of zeros is a favourite. */
export const isZero = (bytes: Uint8Array): boolean => {
	if (bytes[0] !== 0 && bytes.length > 0) return false;
	for (let at = 0; at < bytes.length; at += ZEROS.length) {
		const part = bytes.subarray(at, at + ZEROS.length);
		if (Buffer.compare(part, ZEROS.subarray(0, part.length)) !== 0) return false;
	}
	return true;
};

/** Views of bytes in memory. */
export const toMemorySource = (bytes: Uint8Array): ByteSource => {
	let offset = 0;
	const take = (length: number): Uint8Array => {
		const taken = bytes.subarray(offset, offset + length);
		offset += taken.length;
		return taken;
	};
	return {
		take,
		skip: (length) => take(length).length === length,
		endsInZeros: () => isZero(bytes.subarray(offset)),
	};
};

/** Behind the end of a large archive: far more than any tape block has. */
const MAX_ZEROS = 16 * 1024 * 1024;

/** Chunks, of which one at a time is held. */
export const toChunkSource = (chunks: Iterator<Uint8Array>): ByteSource => {
	let chunk: Uint8Array = new Uint8Array();
	const more = (): boolean => {
		while (chunk.length === 0) {
			const { done, value } = chunks.next();
			if (done) return false;
			chunk = value;
		}
		return true;
	};
	const cut = (length: number): Uint8Array => {
		const part = chunk.subarray(0, length);
		chunk = chunk.subarray(part.length);
		return part;
	};
	return {
		take(length) {
			const parts: Uint8Array[] = [];
			for (let missing = length; missing > 0 && more(); missing -= parts.at(-1)?.length ?? 0)
				parts.push(cut(missing));
			return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
		},
		skip(length) {
			let missing = length;
			while (missing > 0 && more()) missing -= cut(missing).length;
			return missing === 0;
		},
		endsInZeros() {
			let left = MAX_ZEROS;
			while (more()) {
				const part = cut(chunk.length);
				left -= part.length;
				if (left < 0 || !isZero(part)) return false;
			}
			return true;
		},
	};
};
