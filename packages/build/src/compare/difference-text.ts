import { toPrintable } from '@slipway/core';
import type { Difference } from './difference.ts';

const toPart = (difference: Difference): string => {
	switch (difference.kind) {
		case 'content': {
			const { sizes, offset, differingBytes, excerpts } = difference;
			const size = sizes[0] === sizes[1] ? `of ${sizes[0]}` : `(${sizes[0]} and ${sizes[1]} bytes long)`;
			return `${differingBytes} bytes ${size} differ, the first at offset ${offset}\n      first  ${excerpts[0]}\n      second ${excerpts[1]}`;
		}
		case 'field':
			return `${difference.field} ${difference.values[0]} / ${difference.values[1]}`;
		case 'order':
			return `members in another order, from ${difference.values[0]} / ${difference.values[1]}`;
		case 'missing':
			return 'only in the first build';
		case 'added':
			return 'only in the second build';
		case 'encoding':
			return `the same inside, but packed differently from offset ${difference.offset} (${difference.sizes[0]} / ${difference.sizes[1]} bytes)`;
	}
};

/** One difference for people: where, then what. */
export const toDifferenceText = (difference: Difference): string =>
	`${difference.path.map((name) => toPrintable(name, 200)).join(' > ')}: ${toPart(difference)}`;
