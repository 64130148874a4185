import { createRequire } from 'node:module';

/** Words of npm's own that name no licence (documentation of package.json, `license`). */
const NO_LICENCE = /^(SEE LICEN[SC]E|UNLICENSED$|NONE$|NOASSERTION$|PROPRIETARY|COMMERCIAL)/i;
const MAX_LENGTH = 100;

/**
 * The SPDX expression that somebody meant who wrote "Apache 2.0" or "GPLv3"; undefined where that would be a guess
 * about more than spelling. The list behind it is loaded with the first odd statement.
 */
export const correctLicence = (text: string): string | undefined => {
	if (text.length > MAX_LENGTH || NO_LICENCE.test(text) || /[\n\r]|:\/\//.test(text)) return undefined;
	const correct = createRequire(import.meta.url)('spdx-correct') as (
		text: string,
		options: { readonly upgrade: boolean },
	) => string | null;
	return correct(text, { upgrade: false }) ?? undefined;
};
