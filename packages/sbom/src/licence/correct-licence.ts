import ids from 'spdx-license-ids/index.json' with { type: 'json' };

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

/** Turns the name of a licence that is spelled otherwise into its SPDX id; undefined for what is no such name. */
export type LicenceCorrector = (text: string) => string | undefined;

const toIndex = (): ReadonlyMap<string, string> => {
	const index = new Map<string, string>();
	for (const id of ids) if (!index.has(toSkeleton(id))) index.set(toSkeleton(id), id);
	// What the list calls "only" and people write without it.
	for (const name of ['GPL-1.0', 'GPL-2.0', 'GPL-3.0', 'LGPL-2.0', 'LGPL-2.1', 'LGPL-3.0', 'AGPL-3.0'])
		index.set(toSkeleton(name), `${name}-only`);
	return index;
};

/**
 * The SPDX id that somebody meant who wrote "Apache 2.0" or "The MIT License". Only spelling is corrected: common
 * correctors also guess (which BSD, or MPL-2.0 for any text with "example" in it), and a guess is no statement.
 */
export const toLicenceCorrector = (): LicenceCorrector => {
	const lazy: { index?: ReadonlyMap<string, string> } = {};
	return (text) => {
		if (text.length > MAX_LENGTH || NO_LICENCE.test(text) || /[\n\r]|:\/\//.test(text)) return undefined;
		lazy.index ??= toIndex();
		return lazy.index.get(toSkeleton(text));
	};
};
