import { toPrintable } from '@slipway/core';

const BEFORE = 24;
const AFTER = 40;

/** Index of the first byte that differs; the shorter length where one is the start of the other. */
export const findOffset = (first: Uint8Array, second: Uint8Array): number => {
	const length = Math.min(first.length, second.length);
	for (let index = 0; index < length; index += 1) if (first[index] !== second[index]) return index;
	return length;
};

/** Positions that differ, and the length that only one of them has. */
export const countDiffering = (first: Uint8Array, second: Uint8Array): number => {
	const length = Math.min(first.length, second.length);
	let count = Math.abs(first.length - second.length);
	for (let index = 0; index < length; index += 1) if (first[index] !== second[index]) count += 1;
	return count;
};

/** The bytes around an offset as text where they are text, else in hexadecimal. */
export const toExcerpt = (bytes: Uint8Array, offset: number): string => {
	const around = Buffer.from(bytes.subarray(Math.max(0, offset - BEFORE), offset + AFTER));
	const text = around.toString('latin1');
	const readable = text.replace(/[^\x20-\x7e\n\t]/g, '').length;
	return readable * 4 >= text.length * 3
		? toPrintable(text.replace(/[^\x20-\x7e]/g, '·'))
		: around.subarray(0, BEFORE + 8).toString('hex');
};
