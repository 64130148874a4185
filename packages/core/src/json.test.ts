import { parseJson } from './json.ts';

const cases: readonly [name: string, source: string, code: string][] = [
	['not JSON', '{"a":', 'JSON_INVALID'],
	['depth 100,000 (H8)', '['.repeat(100_000), 'JSON_UNSAFE'],
	['a prototype key (H8)', '{"a":{"__proto__":{"b":1}}}', 'JSON_UNSAFE'],
	['an escaped prototype key (H8)', '{"\\u005f_proto__":1}', 'JSON_UNSAFE'],
	['an integer of 2^53 (H8)', '{"size":9007199254740993}', 'JSON_UNSAFE'],
	['a duplicate key (H8)', '{"a":1,"b":{"a":2},"a":3}', 'JSON_UNSAFE'],
	['a duplicate key in another spelling', '{"a":1,"\\u0061":3}', 'JSON_UNSAFE'],
];

test.each(cases)('refuses %s', (_name, source, code) => {
	expect(() => parseJson(source, 'the document')).toThrow(expect.objectContaining({ code }));
});

test('refuses text over the limit before parsing it', () => {
	expect(() => parseJson('"aaaa"', 'it', { maxBytes: 5 })).toThrow(
		expect.objectContaining({ code: 'JSON_TOO_LARGE' }),
	);
});

test('refuses bytes that are not UTF-8', () => {
	expect(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]), 'it')).toThrow(
		expect.objectContaining({ code: 'JSON_INVALID' }),
	);
});

test('reads what JSON.parse reads', () => {
	const value = { a: [1, -2.5e3, true, null, 'x":{,', { b: {} }], c: '\u00e9\n"', d: '' };
	expect(parseJson(JSON.stringify(value, null, 2), 'it')).toEqual(value);
});
