/** A reader that stops wherever it needs more bytes: it yields, and is given the next chunk, or undefined at the end. */
export type Step<T> = Generator<undefined, T, Uint8Array | undefined>;

/** Bytes that are read from front to back, whether they lie in memory or come one chunk after the other. */
export interface ByteSource {
	/** The next bytes; fewer than asked for only at the end. A view where they lie in one chunk. */
	take(length: number): Step<Uint8Array>;
	/** Passes over bytes. @returns false where there were fewer */
	skip(length: number): Step<boolean>;
	/** Whether only zeros follow, few enough for an archive's end, or nothing; reads to the end. */
	endsInZeros(): Step<boolean>;
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

/** Behind the end of a large archive: far more than any tape block has. */
const MAX_ZEROS = 16 * 1024 * 1024;

/** Holds one chunk at a time. */
export const toSource = (): ByteSource => {
	let chunk: Uint8Array = new Uint8Array();
	function* more(): Step<boolean> {
		while (chunk.length === 0) {
			const next = yield;
			if (!next) return false;
			chunk = next;
		}
		return true;
	}
	const cut = (length: number): Uint8Array => {
		const part = chunk.subarray(0, length);
		chunk = chunk.subarray(part.length);
		return part;
	};
	return {
		*take(length) {
			const parts: Uint8Array[] = [];
			for (let missing = length; missing > 0 && (yield* more()); missing -= parts.at(-1)?.length ?? 0)
				parts.push(cut(missing));
			return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
		},
		*skip(length) {
			let missing = length;
			while (missing > 0 && (yield* more())) missing -= cut(missing).length;
			return missing === 0;
		},
		*endsInZeros() {
			let left = MAX_ZEROS;
			while (yield* more()) {
				const part = cut(chunk.length);
				left -= part.length;
				if (left < 0 || !isZero(part)) return false;
			}
			return true;
		},
	};
};

/** Lets a reader read bytes in memory. @throws what the reader throws */
export const readBytes = <T>(reader: Step<T>, bytes: Uint8Array): T => {
	const chunks = [bytes];
	let state = reader.next();
	while (!state.done) state = reader.next(chunks.pop());
	return state.value;
};

/** Lets a reader read what comes in chunks. @throws what the reader or the chunks throw */
export const readChunks = async <T>(reader: Step<T>, chunks: AsyncIterable<Uint8Array>): Promise<T> => {
	const iterator = chunks[Symbol.asyncIterator]();
	try {
		let state = reader.next();
		while (!state.done) {
			const { done, value } = await iterator.next();
			state = reader.next(done ? undefined : value);
		}
		return state.value;
	} finally {
		await iterator.return?.();
	}
};
