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

/** Foreign text as inert text inside a Markdown table cell or paragraph: no markup, links, images, mentions or HTML. */
export const toMarkdownText = (text: string): string =>
	toPrintable(text).replace(/[&<>"'\\`*_{}[\]()#+!|~@:=-]/g, (character) => `&#${character.charCodeAt(0)};`);
