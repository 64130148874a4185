import fc from 'fast-check';
import { parseJson } from './json.ts';

const cases: readonly [name: string, source: string, code: string][] = [
	['not JSON', '{"a":', 'JSON_INVALID'],
	['depth 100,000 (H8)', '['.repeat(100_000), 'JSON_UNSAFE'],
	['a prototype key (H8)', '{"a":{"__proto__":{"b":1}}}', 'JSON_UNSAFE'],
	['an escaped prototype key (H8)', '{"\\u005f_proto__":1}', 'JSON_UNSAFE'],
	['a number without an end (H8)', '{"size":1e400}', 'JSON_UNSAFE'],
	['400 digits and a point (H8)', `[-${'9'.repeat(400)}.0]`, 'JSON_UNSAFE'],
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

test('reads one text of 12 MiB', () => {
	const text = 'a\\n'.repeat(4 * 1024 * 1024);
	expect(parseJson(`{"a":"${text}"}`, 'it')).toEqual({ a: JSON.parse(`"${text}"`) });
});

test('of what can be written as JSON, everything is read', () => {
	fc.assert(
		fc.property(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (value, spaced) => {
			const text = JSON.stringify(value, null, spaced ? '\t' : 0);
			if (/"(__proto__|constructor|prototype)":|\d{16}/.test(text)) return;
			expect(parseJson(text, 'it')).toEqual(JSON.parse(text));
		}),
	);
});

test('one key twice is found at any depth, in any company', () => {
	const key = fc.string({ maxLength: 5 }).filter((name) => !/^(__proto__|constructor|prototype)$/.test(name));
	fc.assert(
		fc.property(key, fc.jsonValue({ maxDepth: 2 }), fc.nat(5), (name, value, depth) => {
			const inner = JSON.stringify(value);
			if (/"(__proto__|constructor|prototype)":|\d{16}/.test(inner)) return;
			const twice = `{${JSON.stringify(name)}:${inner},"${name.length}x":[],${JSON.stringify(name)}:1}`;
			const source = '[0,'.repeat(depth) + twice + ']'.repeat(depth);
			expect(() => parseJson(source, 'it')).toThrow(expect.objectContaining({ code: 'JSON_UNSAFE' }));
		}),
	);
});
