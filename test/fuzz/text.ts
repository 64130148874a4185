import type { Reader, Target } from './target.ts';

export const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

type TextReader = Omit<Reader, 'read'> & { read(text: string): unknown };

/** A parser whose callers hand it a text. */
export const ofText = (name: string, codes: RegExp, { read, ...reader }: TextReader): Target => ({
	name,
	codes,
	open: () => ({ ...reader, read: (bytes) => read(toText(bytes)) }),
});

/** A parser of bytes that needs nothing else. */
export const ofBytes = (name: string, codes: RegExp, reader: Reader): Target => ({
	name,
	codes,
	open: () => reader,
});

/** For parsers that refuse by returning nothing: any error is one too many. */
export const NEVER = /^(?!)/;

export const toJsonSeeds = (...values: readonly unknown[]): readonly string[] =>
	values.map((value) => JSON.stringify(value));
