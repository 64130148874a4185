import { createRequire } from 'node:module';

/** Words of npm's own that name no licence (documentation of package.json, `license`). */
const NO_LICENCE = /^(SEE LICEN[SC]E|UNLICENSED$|NONE$|NOASSERTION$|PROPRIETARY|COMMERCIAL)/i;
const MAX_LENGTH = 100;

/** What is left of a name when spelling does not count: `Apache License, Version 2.0` is apache2, as Apache-2.0 is. */
const toSkeleton = (text: string): string =>
	text
		.toLowerCase()
		.replace(/licen[sc]e|version|\bthe\b|[^a-z0-9]+/g, ' ')
		.replace(/\bv(?=\s?\d)|(?<=[a-z])v(?=\d)/g, ' ')
		.replace(/(?<=\d)\s+0\b/g, ' ')
		.replace(/\s+/g, '');

/**
 * The SPDX expression that somebody meant who wrote "Apache 2.0" or "MIT License". Only spelling is corrected: spdx-correct
 * also guesses ("BSD", or MPL-2.0 for any text with "example" in it), and a guess is no statement.
 */
export const correctLicence = (text: string): string | undefined => {
	if (text.length > MAX_LENGTH || NO_LICENCE.test(text) || /[\n\r]|:\/\//.test(text)) return undefined;
	// The list behind it is loaded with the first odd statement.
	const correct = createRequire(import.meta.url)('spdx-correct') as (
		text: string,
		options: { readonly upgrade: boolean },
	) => string | null;
	const found = correct(text, { upgrade: false });
	return found !== null && toSkeleton(found) === toSkeleton(text) ? found : undefined;
};
