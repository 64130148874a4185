import { type Json, toCanonicalJson } from '@slipway/core';

type Fields = { readonly [key: string]: Json };

/** The two spellings of one media type: before and since version 0.3. */
const toMediaType = (text: string): string =>
	text.replace(
		/^application\/vnd\.dev\.sigstore\.bundle\+json;\s*version=(\d+\.\d+)$/,
		'application/vnd.dev.sigstore.bundle.v$1+json',
	);

/** Foreign text may hold lone surrogates, which have no canonical form: they become visible escapes. */
const toWellFormed = (text: string): string => (text.isWellFormed() ? text : JSON.stringify(text));

const toScalar = (value: null | boolean | number | string): string | undefined => {
	// Protobuf JSON leaves out what has its default value, and writes 64-bit numbers as text.
	if (value === null || value === false || value === 0 || value === '0' || value === '') return undefined;
	return toMediaType(toWellFormed(String(value)));
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** One form for all spellings of a protobuf message as JSON; undefined: nothing is said. Depth is limited by parseJson. */
const toMeaning = (value: Json): Json | undefined => {
	if (value === null || typeof value !== 'object') return toScalar(value);
	if (isList(value)) return value.length === 0 ? undefined : value.map((item) => toMeaning(item) ?? {});
	const members = Object.entries(value as Fields).flatMap(([key, member]) => {
		const meaning = toMeaning(member);
		return meaning === undefined ? [] : [[toWellFormed(key), meaning] as const];
	});
	return members.length === 0 ? undefined : Object.fromEntries(members);
};

/**
 * Whether two Sigstore bundles say the same, to the byte, in every field: payload, signatures, certificate, log entries
 * and timestamps. How the message is spelled as JSON does not matter (ProtoJSON: order, defaults, numbers as text).
 */
export const isSameBundle = (a: Json, b: Json): boolean =>
	toCanonicalJson(toMeaning(a) ?? {}) === toCanonicalJson(toMeaning(b) ?? {});
