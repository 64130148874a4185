import { toMarkdownText } from '@slipway/core';

/** Shown as nothing, and no name that GitHub would call somebody by begins behind it. */
const ZERO_WIDTH_SPACE = '&#8203;';

/**
 * Foreign text as inert text in notes: no markup, links, images or HTML, and nobody is mentioned. GitHub looks for @names in
 * what it has rendered, so that an escape alone is not enough.
 */
export const toInertText = (text: string, max: number): string => {
	const cut = text.length > max ? `${text.slice(0, max)}…` : text;
	return toMarkdownText(cut).replaceAll('&#64;', `&#64;${ZERO_WIDTH_SPACE}`);
};
