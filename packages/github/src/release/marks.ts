import { toInertText } from '@slipway/core';
import type { Release } from './release.ts';

const START = '<!-- slipway-withdrawn -->\n';
const END = '\n<!-- /slipway-withdrawn -->\n\n';
const TITLE = ' (withdrawn)';
/** Characters, escapes included: room for it is kept in the text of a release. */
const MAX_REASON = 3000;

/** Each escape is longer than what it stands for. */
const toReasonText = (reason: string, max = 1000): string => {
	const text = toInertText(reason, max);
	return text.length > MAX_REASON ? toReasonText(reason, Math.floor(max / 2)) : text;
};

/** Withdrawn by us, and not restored since. */
export const isWithdrawn = ({ body }: Pick<Release, 'body'>): boolean => (body ?? '').includes(START);

/** Title and text of a release that nobody shall use. */
export const toWithdrawn = (
	{ name, tag_name, body }: Pick<Release, 'name' | 'tag_name' | 'body'>,
	reason: string,
): { readonly name: string; readonly body: string } => {
	const notice = `> [!CAUTION]\n> **Withdrawn:** ${toReasonText(reason)}`;
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
