/** One element as it was found. */
export interface Element {
	readonly tag: number;
	/** With its header. */
	readonly bytes: Uint8Array;
	readonly content: Uint8Array;
}

const readLength = (bytes: Uint8Array, at: number): { length: number; next: number } => {
	const first = bytes[at] ?? Number.NaN;
	if (first < 0x80) return { length: first, next: at + 1 };
	const count = first & 0x7f;
	if (!(count >= 1 && count <= 4) || at + count >= bytes.length)
		throw new RangeError('expected a definite DER length');
	const length = bytes.subarray(at + 1, at + 1 + count).reduce((sum, byte) => sum * 256 + byte, 0);
	return { length, next: at + 1 + count };
};

/**
 * Elements that lie side by side, without looking into them.
 * @throws RangeError where they do not fill the bytes exactly
 */
export const readElements = (bytes: Uint8Array): Element[] => {
	const found: Element[] = [];
	for (let at = 0; at < bytes.length; ) {
		const { length, next } = readLength(bytes, at + 1);
		const end = next + length;
		if (!(end <= bytes.length)) throw new RangeError('expected a whole DER element');
		found.push({
			tag: bytes[at] ?? 0,
			bytes: bytes.subarray(at, end),
			content: bytes.subarray(next, end),
		});
		at = end;
	}
	return found;
};

/** Members of the one SEQUENCE that fills the bytes. @throws RangeError */
export const readSequence = (bytes: Uint8Array): Element[] => {
	const [outer, more] = readElements(bytes);
	if (outer?.tag !== 0x30 || more) throw new RangeError('expected one DER sequence');
	return readElements(outer.content);
};
