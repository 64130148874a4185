import type { Json } from './json.ts';

/**
 * The canonical form of a JSON value by RFC 8785 (JCS): keys sorted by UTF-16 code units, no white space,
 * numbers as ECMAScript prints them. Equal values give equal bytes. Keys whose value is undefined are left out.
 * @throws TypeError for values that JSON cannot carry (NaN, lone surrogates, functions, dates, maps)
 */
export const toCanonicalJson = (value: Json | object): string => {
	if (typeof value === 'number') {
		if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
		return JSON.stringify(value);
	}
	if (typeof value === 'string') {
		if (!value.isWellFormed())
			throw new TypeError('a string with a lone surrogate has no canonical form (RFC 8785, 3.2.2.2)');
		return JSON.stringify(value);
	}
	if (value === null || typeof value === 'boolean') return String(value);
	if (Array.isArray(value)) return `[${Array.from(value, toCanonicalJson).join(',')}]`;
	if (typeof value !== 'object') throw new TypeError(`a ${typeof value} has no JSON form`);
	if ('toJSON' in value || Symbol.iterator in value || ArrayBuffer.isView(value))
		throw new TypeError('expected plain objects and arrays');
	const members = Object.entries(value)
		.filter(([, member]) => member !== undefined)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, member]) => `${toCanonicalJson(key)}:${toCanonicalJson(member)}`);
	return `{${members.join(',')}}`;
};
