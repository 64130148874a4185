import type * as v from 'valibot';

/** What valibot calls a kind of value: what people who write YAML call it. */
const KINDS: Readonly<Record<string, string>> = {
	Array: 'a list',
	Object: 'a map (key: value)',
	boolean: 'true or false',
	null: 'nothing',
	number: 'a number',
	string: 'a text',
	undefined: 'nothing',
};

/** Of one kind, or of several: `("a" | "b")`. */
const toKinds = (expected: string): string =>
	expected
		.replace(/^\((.*)\)$/s, '$1')
		.split(' | ')
		.map((kind) => KINDS[kind] ?? kind)
		.join(' or ');

/** An issue in words: a schema's own, else what was expected and what was found, instead of valibot's for programmers. */
export const toWords = ({ message, expected, received }: v.BaseIssue<unknown>): string => {
	if (!/^Invalid (?:key|type): Expected /.test(message) || expected === null) return message;
	if (message.startsWith('Invalid key:')) return 'expected, but missing';
	return `expected ${toKinds(expected)}, got ${KINDS[received] ?? received}`;
};
