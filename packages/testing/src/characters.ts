const SURROGATES = { first: 0xd800, count: 0x800 };

/** How many characters Unicode has: every code point but the surrogates. */
export const CHARACTERS = 0x110000 - SURROGATES.count;

/** Character number `index`, below {@link CHARACTERS}. */
export const toCharacter = (index: number): string =>
	String.fromCodePoint(index < SURROGATES.first ? index : index + SURROGATES.count);

/**
 * The number of a character. With it a property finds whole names in texts of such characters, and needs no table of all of
 * them, which costs each suite seconds.
 * @throws RangeError where it is none.
 */
export const toCharacterIndex = (character: unknown): number => {
	const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
	if (point === undefined || String.fromCodePoint(point) !== character || !character.isWellFormed())
		throw new RangeError(`expected one character, got ${JSON.stringify(character)}`);
	return point < SURROGATES.first ? point : point - SURROGATES.count;
};
