import * as v from 'valibot';
import { Digest, isSameDigest } from './digest.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const LONG_A = 'a'.repeat(128);
const LONG_B = 'b'.repeat(128);

test.each([
	['the same sha256', { sha256: A }, { sha256: A }, true],
	['another sha256', { sha256: A }, { sha256: B }, false],
	['both the same', { sha256: A, sha512: LONG_A }, { sha256: A, sha512: LONG_A }, true],
	['one of two differs', { sha256: A, sha512: LONG_A }, { sha256: A, sha512: LONG_B }, false],
	['one in common', { sha256: A, sha512: LONG_A }, { sha512: LONG_A }, true],
	['none in common', { sha256: A }, { sha512: LONG_A }, false],
	['nothing at all', {}, {}, false],
	['nothing on one side', { sha256: A }, {}, false],
])('%s: %j and %j', (_name, one, two, expected) => {
	expect(isSameDigest(one, two)).toBe(expected);
	expect(isSameDigest(two, one)).toBe(expected);
});

test.each([
	['upper case', { sha256: A.toUpperCase() }],
	['too short', { sha256: A.slice(1) }],
	['too long', { sha256: `${A}a` }],
	['not hexadecimal', { sha256: 'g'.repeat(64) }],
	['full-width digits (H12)', { sha256: '\uff41'.repeat(64) }],
	['a line feed behind', { sha256: `${A}\n` }],
	['only sha512', { sha512: LONG_A }],
	['another algorithm', { sha256: A, md5: 'a' }],
])('%s is no digest', (_name, value) => {
	expect(v.is(Digest, value)).toBe(false);
});
