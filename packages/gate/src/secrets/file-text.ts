/** One stretch of a text, and the line on which it begins. */
export interface TextPart {
	readonly text: string;
	/** From 1. */
	readonly line: number;
}

const UTF16 = { le: [0xff, 0xfe], be: [0xfe, 0xff] } as const;

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
	start.every((byte, index) => bytes[index] === byte);

/**
 * The text of a file, or undefined for a binary one: UTF-16 with its mark, and everything without a NUL. What is no
 * UTF-8 is read byte for byte: tokens are ASCII in every encoding that is left.
 */
export const toFileText = (bytes: Uint8Array): string | undefined => {
	if (startsWith(bytes, UTF16.le)) return new TextDecoder('utf-16le').decode(bytes);
	if (startsWith(bytes, UTF16.be)) return new TextDecoder('utf-16be').decode(bytes);
	if (bytes.includes(0)) return undefined;
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
};

const PART = 512 * 1024;
/** Longer than any token, and than the keys that span lines. */
const OVERLAP = 16 * 1024;

const countLines = (text: string, from: number, to: number): number => {
	let count = 0;
	for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
	return count;
};

/** Cuts a long text into parts that overlap, so that no pattern ever sees more than one part. */
export function* toParts(text: string): Generator<TextPart, void, void> {
	let line = 1;
	for (let start = 0; start === 0 || start + OVERLAP < text.length; start += PART - OVERLAP) {
		yield { text: text.slice(start, start + PART), line };
		line += countLines(text, start, start + PART - OVERLAP);
	}
}
