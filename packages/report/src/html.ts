import { toHtmlText } from '@slipway/core';

/** Finished markup; only `html` makes it. */
export interface Markup {
	readonly markup: string;
}

type Content = Markup | string | number | readonly Content[] | null | undefined;

const toMarkup = (content: Content): string => {
	if (content === null || content === undefined) return '';
	if (typeof content === 'string') return toHtmlText(content);
	if (typeof content === 'number') return String(content);
	if ('markup' in content) return content.markup;
	return content.map(toMarkup).join('');
};

/** Markup with every interpolated text escaped, in content and in quoted attributes. Lists are joined, null is nothing. */
export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Markup => ({
	markup: String.raw({ raw: parts }, ...contents.map(toMarkup)),
});

/** Text that we wrote ourselves and that is no foreign text: style sheets. */
export const toTrustedMarkup = (markup: string): Markup => ({ markup });
