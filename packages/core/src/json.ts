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

/** Walks the text once, without recursion: refuses deep nesting, duplicate and prototype keys, unsafe integers. */
const checkTokens = (text: string, what: string, maxDepth: number): void => {
	const tokens = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/gs;
	const scopes: (Set<string> | undefined)[] = [];
	let keyNext = false;
	for (const [token] of text.matchAll(tokens)) {
		const scope = scopes.at(-1);
		if (token === '{' || token === '[') {
			scopes.push(token === '{' ? new Set() : undefined);
			if (scopes.length > maxDepth) throw invalid(what, `nested deeper than ${maxDepth} levels`);
			keyNext = token === '{';
		} else if (token === '}' || token === ']') {
			scopes.pop();
			keyNext = false;
		} else if (token === ',') {
			keyNext = scope !== undefined;
		} else if (token === ':') {
			keyNext = false;
		} else if (keyNext && scope) {
			checkKey(token, scope, what);
		} else if (/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))) {
			throw invalid(what, `integer ${token.slice(0, 40)} cannot be represented exactly`);
		}
	}
};

const checkKey = (token: string, scope: Set<string>, what: string): void => {
	let key: string;
	try {
		key = JSON.parse(token);
	} catch {
		return; // not JSON at all: JSON.parse of the whole text says so with its position
	}
	if (UNSAFE_KEYS.has(key)) throw invalid(what, `key ${JSON.stringify(key)} is not allowed`);
	if (scope.has(key))
		throw invalid(what, `key ${JSON.stringify(key).slice(0, 80)} appears twice in one object`);
	scope.add(key);
};

/**
 * Parses JSON from outside. Refuses what parsers disagree on or what harms later code: duplicate keys,
 * `__proto__`-like keys, integers beyond 2^53, nesting deeper and text longer than the limits.
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
