import fc from 'fast-check';
import { toElement, toFractionalTime, toInteger, toOid, toSet, toTime, toUtf8 } from './der.ts';
import { readElements, readSequence } from './read-der.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test.each([
	['0', toInteger(0), '020100'],
	['127', toInteger(127), '02017f'],
	['128 with a leading zero', toInteger(128), '02020080'],
	['256', toInteger(256n), '02020100'],
	['an OID', toOid('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
	['an OID with large arcs', toOid('1.3.6.1.4.1.57264.1.22'), '060a2b0601040183bf300116'],
	['a set is sorted', toSet(toUtf8('b'), toUtf8('a')), '31060c01610c0162'],
	['a length of two bytes', toElement(0x04, new Uint8Array(300)).subarray(0, 4), '0482012c'],
	['a length of one more byte', toElement(0x04, new Uint8Array(200)).subarray(0, 3), '0481c8'],
])('%s', (_, der, expected) => {
	expect(hex(der)).toBe(expected);
});

test.each([
	['2026-01-31T12:00:00.120Z', '20260131120000.12Z'],
	['2026-01-31T12:00:00.003Z', '20260131120000.003Z'],
	['2026-01-31T12:00:00.000Z', '20260131120000Z'],
	['2026-01-31T12:10:20.500Z', '20260131121020.5Z'],
])('GeneralizedTime of %s drops trailing zeros', (time, text) => {
	expect(Buffer.from(toFractionalTime(new Date(time)).subarray(2)).toString()).toBe(text);
});

test.each([
	['2049-12-31T23:59:59.900Z', '491231235959Z'],
	['2050-01-01T00:00:00.000Z', '20500101000000Z'],
])('validity time of %s', (time, text) => {
	expect(Buffer.from(toTime(new Date(time)).subarray(2)).toString()).toBe(text);
});

describe('reading', () => {
	test.each([
		['a length that goes beyond the end', '3005020101'],
		['an indefinite length', '30800201010000'],
		['a length of five bytes', '308500000000010201'],
		['a tag alone', '30'],
		['two elements', '3003020101020101'],
		['an integer', '020101'],
		['nothing', ''],
	])('%s is no sequence', (_, bytes) => {
		expect(() => readSequence(Buffer.from(bytes, 'hex'))).toThrow(RangeError);
	});

	test('elements that were written are found again', () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 }), (parts) => {
				const written = Buffer.concat(parts.map((part) => toElement(0x04, part)));
				expect(readElements(written).map(({ content }) => hex(content))).toEqual(parts.map(hex));
			}),
		);
	});

	test('any bytes give elements or a RangeError', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
				try {
					expect(Buffer.concat(readElements(bytes).map((element) => element.bytes))).toEqual(
						Buffer.from(bytes),
					);
				} catch (error) {
					expect(error).toBeInstanceOf(RangeError);
				}
			}),
			{ numRuns: 2000 },
		);
	});
});
