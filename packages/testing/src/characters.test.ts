import { CHARACTERS, toCharacter, toCharacterIndex } from './characters.ts';

test('every number is a character of its own, and the way back', () => {
	for (const index of [0, 0x61, 0xd7ff, 0xd800, 0xffff, CHARACTERS - 1])
		expect(toCharacterIndex(toCharacter(index))).toBe(index);
	expect(toCharacter(0xd7ff)).toBe('\u{d7ff}');
	expect(toCharacter(0xd800)).toBe('\u{e000}');
	expect(toCharacter(CHARACTERS - 1)).toBe('\u{10ffff}');
});

test.each(['', 'ab', '\ud800', 1, undefined])('%j is none', (value) => {
	expect(() => toCharacterIndex(value)).toThrow(RangeError);
});
