/**
 * Foreign text as one printable line: control, format (bidirectional, zero-width) and surrogate characters
 * become visible escapes, and text longer than `max` characters is cut with a mark.
 */
export const toPrintable = (text: string, max = 2000): string => {
	const cut = text.length > max ? `${text.slice(0, max)}… (${text.length} characters)` : text;
	return cut.replace(
		/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
		(character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
	);
};

/** Foreign text as inert text inside HTML, in content and in quoted attributes. */
export const toHtmlText = (text: string): string =>
	toPrintable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Foreign text as inert text inside a Markdown table cell or paragraph, also in the face of code: no markup, links, images or
 * HTML. What GitHub looks for in rendered text (names and numbers) is left alone: see toInertText.
 */
export const toMarkdownText = (text: string): string =>
	toPrintable(text)
		.replace(/[&<>"'\\`*_{}[\]()#+!|~@:=-]/g, (character) => `&#${character.charCodeAt(0)};`)
		// GFM 6.9 makes a link of www. without any other sign.
		.replace(/w(?=ww\.)/gi, (character) => `&#${character.charCodeAt(0)};`);

/** Shown as nothing, and nothing that GitHub would link or call begins behind it. */
const ZERO_WIDTH_SPACE = '&#8203;';

/**
 * Foreign text of at most `max` characters as inert text where people are notified: release notes, issues, comments. As
 * toMarkdownText, and nobody is mentioned and no issue referred to: GitHub looks for @name, #1 and GH-1 in what it has
 * rendered, so that escapes alone are not enough. Not for commands that people copy.
 */
export const toInertText = (text: string, max = 2000): string => {
	const cut = text.length > max ? `${text.slice(0, max)}…` : text;
	return toMarkdownText(cut).replace(
		/(?<![A-Za-z0-9_])&#64;|&#35;(?=\d)|\bgh&#45;(?=\d)/gi,
		(sign) => `${sign}${ZERO_WIDTH_SPACE}`,
	);
};
