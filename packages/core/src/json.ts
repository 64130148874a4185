import { SlipwayError } from './error.ts';

export type JsonCode = 'JSON_INVALID' | 'JSON_TOO_LARGE' | 'JSON_UNSAFE';
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const UNSAFE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

interface Limits {
	/** Bytes of UTF-8. Default 16 MiB. */
	readonly maxBytes?: number;
	/** Nesting of arrays and objects. Default 64. */
	readonly maxDepth?: number;
}

const invalid = (
	what: string,
	detail: string,
	code: JsonCode = 'JSON_UNSAFE',
	cause?: unknown,
): SlipwayError =>
	new SlipwayError<JsonCode>(code, `${what}: ${detail}`, {
		hint: `Look at where ${what} comes from: it is not a document that Slipway or a registry writes.`,
		cause,
	});

const [TAB, NEWLINE, RETURN, SPACE, QUOTE, MINUS, BACKSLASH] = [9, 10, 13, 32, 34, 45, 92];
const [COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [44, 58, 91, 93, 123, 125];
const isDelimiter = (code: number): boolean =>
	code === COMMA ||
	code === CLOSE_OBJECT ||
	code === CLOSE_LIST ||
	code === SPACE ||
	code === NEWLINE ||
	code === RETURN ||
	code === TAB ||
	code === COLON;

/** Index of the quote that ends the string whose first character is at `start`; the end of the text without one. */
const findStringEnd = (text: string, start: number): number => {
	let end = text.indexOf('"', start);
	while (end !== -1) {
		let before = end - 1;
		while (before >= start && text.charCodeAt(before) === BACKSLASH) before -= 1;
		if ((end - before) % 2 === 1) return end;
		end = text.indexOf('"', end + 1);
	}
	return text.length;
};

const findNumberEnd = (text: string, start: number): number => {
	let end = start + 1;
	while (end < text.length && !isDelimiter(text.charCodeAt(end))) end += 1;
	return end;
};

const checkNumber = (token: string, what: string): void => {
	// 2^53 has 16 digits
	if (token.length > 15 && /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)))
		throw invalid(what, `integer ${token.slice(0, 40)} cannot be represented exactly`);
	// Only an exponent or hundreds of digits lead there; what has no number in it is JSON.parse's to refuse.
	if ((token.length > 300 || /e/i.test(token)) && Math.abs(Number(token)) === Number.POSITIVE_INFINITY)
		throw invalid(what, `number ${token.slice(0, 40)} is too large`);
};

/** Walks the text once, without recursion: refuses deep nesting, duplicate and prototype keys, unsafe integers. */
const checkTokens = (text: string, what: string, maxDepth: number): void => {
	const scopes: (Set<string> | undefined)[] = [];
	let scope: Set<string> | undefined;
	let keyNext = false;
	for (let at = 0; at < text.length; at += 1) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) {
			const end = findStringEnd(text, at + 1);
			if (keyNext && scope) checkKey(text.slice(at, end + 1), scope, what);
			keyNext = false;
			at = end;
		} else if (code === OPEN_OBJECT || code === OPEN_LIST) {
			keyNext = code === OPEN_OBJECT;
			scope = keyNext ? new Set() : undefined;
			scopes.push(scope);
			if (scopes.length > maxDepth) throw invalid(what, `nested deeper than ${maxDepth} levels`);
		} else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
			scopes.pop();
			scope = scopes.at(-1);
			keyNext = false;
		} else if (code === COMMA) {
			keyNext = scope !== undefined;
		} else if (code === MINUS || (code >= 48 && code <= 57)) {
			const end = findNumberEnd(text, at);
			checkNumber(text.slice(at, end), what);
			at = end - 1;
		}
	}
};

const toKey = (token: string): string | undefined => {
	if (!token.includes('\\')) return token.slice(1, -1);
	try {
		return JSON.parse(token);
	} catch {
		return undefined; // not JSON at all: JSON.parse of the whole text says so with its position
	}
};

const checkKey = (token: string, scope: Set<string>, what: string): void => {
	const key = toKey(token);
	if (key === undefined) return;
	if (UNSAFE_KEYS.has(key)) throw invalid(what, `key ${JSON.stringify(key)} is not allowed`);
	if (scope.has(key))
		throw invalid(what, `key ${JSON.stringify(key).slice(0, 80)} appears twice in one object`);
	scope.add(key);
};

/**
 * Parses JSON from outside. Refuses what parsers disagree on or what harms later code: duplicate keys,
 * `__proto__`-like keys, integers beyond 2^53, numbers without an end, nesting deeper and text longer than the limits.
 * @param what names the document in messages, for example "the manifest".
 * @throws SlipwayError JSON_INVALID, JSON_TOO_LARGE, JSON_UNSAFE
 */
export const parseJson = (source: string | Uint8Array, what: string, limits: Limits = {}): Json => {
	const { maxBytes = 16 * 1024 * 1024, maxDepth = 64 } = limits;
	if (source.length > maxBytes) throw invalid(what, `larger than ${maxBytes} bytes`, 'JSON_TOO_LARGE');
	let text: string;
	try {
		text = typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source);
	} catch (cause) {
		throw invalid(what, 'not valid UTF-8', 'JSON_INVALID', cause);
	}
	checkTokens(text, what, maxDepth);
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw invalid(what, 'not valid JSON', 'JSON_INVALID', cause);
	}
};
