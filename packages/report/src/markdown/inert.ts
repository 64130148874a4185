import { toInertText, toMarkdownText, toPrintable } from '@slipway/core';

/** Foreign text as inert text of one table cell, which calls nobody; a dash where there is none. */
export const toCell = (text: string, max = 300): string => toInertText(toPrintable(text, max)) || '–';

/** The same in the face of code, where GitHub looks for no names: what people copy is what it says. */
export const toCode = (text: string, max = 300): string =>
	`<code>${toMarkdownText(toPrintable(text, max)) || '–'}</code>`;

const DIGEST = /([0-9a-f]{12})[0-9a-f]{52,}/g;

/** A pointer's value, digests cut to 12 digits. */
export const toPointer = (value: string | null | undefined): string => {
	if (value === undefined) return 'not read';
	return value === null ? 'none' : toCode(value.slice(0, 20_000).replace(DIGEST, '$1…'));
};

const KIBIBYTE = 1024;

/** Bytes for people: `812 B`, `1.2 KiB`, `3.4 MiB`. */
export const toSize = (bytes: number): string => {
	if (Math.abs(bytes) < KIBIBYTE) return `${bytes} B`;
	const inKibibytes = bytes / KIBIBYTE;
	return Math.abs(inKibibytes) < KIBIBYTE
		? `${inKibibytes.toFixed(1)} KiB`
		: `${(inKibibytes / KIBIBYTE).toFixed(1)} MiB`;
};

/** How a size changed: `+1.2 KiB (+12 %)`, `no change`. */
export const toSizeChange = (now: number, before: number): string => {
	const change = now - before;
	if (change === 0) return 'no change';
	const sign = change > 0 ? '+' : '−';
	const share = before === 0 ? '' : ` (${sign}${((Math.abs(change) / before) * 100).toFixed(1)} %)`;
	return `${sign}${toSize(Math.abs(change))}${share}`;
};

/** `1 file`, `2 files`. */
export const toCount = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
