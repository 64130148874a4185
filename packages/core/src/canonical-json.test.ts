import fc from 'fast-check';
import { toCanonicalJson } from './canonical-json.ts';

/** RFC 8785, Appendix B: IEEE 754 bits and their text. */
const numbers: readonly [bits: string, text: string][] = [
	['0000000000000000', '0'],
	['8000000000000000', '0'],
	['0000000000000001', '5e-324'],
	['8000000000000001', '-5e-324'],
	['7fefffffffffffff', '1.7976931348623157e+308'],
	['ffefffffffffffff', '-1.7976931348623157e+308'],
	['4340000000000000', '9007199254740992'],
	['c340000000000000', '-9007199254740992'],
	['4430000000000000', '295147905179352830000'],
	['44b52d02c7e14af5', '9.999999999999997e+22'],
	['44b52d02c7e14af6', '1e+23'],
	['44b52d02c7e14af7', '1.0000000000000001e+23'],
	['444b1ae4d6e2ef4e', '999999999999999700000'],
	['444b1ae4d6e2ef4f', '999999999999999900000'],
	['444b1ae4d6e2ef50', '1e+21'],
	['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
	['3eb0c6f7a0b5ed8d', '0.000001'],
	['41b3de4355555553', '333333333.3333332'],
	['41b3de4355555554', '333333333.33333325'],
	['41b3de4355555555', '333333333.3333333'],
	['41b3de4355555556', '333333333.3333334'],
	['41b3de4355555557', '333333333.33333343'],
	['becbf647612f3696', '-0.0000033333333333333333'],
	['43143ff3c1cb0959', '1424953923781206.2'],
];

test.each(numbers)('number %s is %s', (bits, text) => {
	expect(toCanonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
});

test.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('number %s has no form', (bits) => {
	expect(() => toCanonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toThrow(TypeError);
});

test('the example of RFC 8785, 3.2.2', () => {
	const source = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
		"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
	expect(toCanonicalJson(JSON.parse(source))).toBe(
		String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
	);
});

test('keys are sorted by UTF-16 code units: RFC 8785, 3.2.3', () => {
	const value = {
		'\u20ac': 'Euro Sign',
		'\r': 'Carriage Return',
		'\ufb33': 'Hebrew Letter Dalet With Dagesh',
		'1': 'One',
		'\ud83d\ude00': 'Emoji: Grinning Face',
		'\u0080': 'Control',
		'\u00f6': 'Latin Small Letter O With Diaeresis',
	};
	expect(Object.values(JSON.parse(toCanonicalJson(value)))).toEqual([
		'One', // an integer-like key comes first in every JavaScript object
		'Carriage Return',
		'Control',
		'Latin Small Letter O With Diaeresis',
		'Euro Sign',
		'Emoji: Grinning Face',
		'Hebrew Letter Dalet With Dagesh',
	]);
	expect(toCanonicalJson(value)).toMatch(/^\{"\\r":"Carriage Return","1":"One","\u0080"/);
});

test.each([
	['undefined', undefined],
	['a function', () => 1],
	['a bigint', 1n],
	['a symbol', Symbol('a')],
	['a lone surrogate', '\ud800'],
	['a lone surrogate in a key', { '\udfff': 1 }],
	['undefined in an array', [undefined]],
	['a hole in an array', Object.assign([], { length: 1 })],
	['a date', new Date(0)],
	['a map', new Map([['a', 1]])],
	['bytes', new Uint8Array(2)],
])('%s has no form', (_name, value) => {
	expect(() => toCanonicalJson(value as never)).toThrow(TypeError);
});

test('keys without a value are left out', () => {
	expect(toCanonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
});

test('property: equal values give equal bytes, and the bytes give the value again', () => {
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			const text = toCanonicalJson(value as never);
			const reversed = JSON.parse(JSON.stringify(value), (_key, inner) =>
				inner !== null && typeof inner === 'object' && !Array.isArray(inner)
					? Object.fromEntries(Object.entries(inner).reverse())
					: inner,
			);
			expect(toCanonicalJson(reversed)).toBe(text);
			expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
		}),
	);
});
