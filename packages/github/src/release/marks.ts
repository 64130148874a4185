import { toMarkdownText } from '@slipway/core';
import type { Release } from './release.ts';

const START = '<!-- slipway-withdrawn -->\n';
const END = '\n<!-- /slipway-withdrawn -->\n\n';
const TITLE = ' (withdrawn)';
const MAX_REASON = 1000;

/** Withdrawn by us, and not restored since. */
export const isWithdrawn = ({ body }: Pick<Release, 'body'>): boolean => (body ?? '').includes(START);

/** Title and text of a release that nobody shall use. */
export const toWithdrawn = (
	{ name, tag_name, body }: Pick<Release, 'name' | 'tag_name' | 'body'>,
	reason: string,
): { readonly name: string; readonly body: string } => {
	const notice = `> [!CAUTION]\n> **Withdrawn:** ${toMarkdownText(reason.slice(0, MAX_REASON))}`;
	return { name: `${name || tag_name}${TITLE}`, body: `${START}${notice}${END}${body ?? ''}` };
};

/** As they were before. */
export const toRestored = ({
	name,
	tag_name,
	body,
}: Pick<Release, 'name' | 'tag_name' | 'body'>): { readonly name: string; readonly body: string } => {
	const text = body ?? '';
	const start = text.indexOf(START);
	const end = text.indexOf(END, start);
	const title = name || tag_name;
	return {
		name: title.endsWith(TITLE) ? title.slice(0, -TITLE.length) : title,
		body: start === -1 || end === -1 ? text : text.slice(0, start) + text.slice(end + END.length),
	};
};
