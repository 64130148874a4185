import { toPrintable } from '@slipway/core';
import type { ArchiveEntry } from './entry.ts';
import { toArchiveError } from './error.ts';

const MAX_HOPS = 40;

interface Walk {
	readonly links: ReadonlyMap<string, string>;
	readonly absolute: boolean;
}

/**
 * Follows a link the way a kernel does (path_resolution(7)), through the archive's other links, inside a root.
 * @returns why it must not be followed, or undefined
 */
const findLinkProblem = (start: string, target: string, { links, absolute }: Walk): string | undefined => {
	let place = start.split('/').slice(0, -1);
	const left = target.split('/').reverse();
	if (target.startsWith('/') && absolute) place = [];
	else if (target.startsWith('/')) return 'leads to an absolute path';
	let hops = 0;
	while (left.length > 0) {
		const segment = left.pop() ?? '';
		if (segment === '' || segment === '.') continue;
		if (segment === '..') {
			if (place.length === 0) return 'leads out of the archive';
			place.pop();
			continue;
		}
		const next = links.get([...place, segment].join('/'));
		if (next === undefined) {
			place.push(segment);
			continue;
		}
		hops += 1;
		if (hops > MAX_HOPS) return 'goes round in circles';
		if (next.startsWith('/')) place = [];
		left.push(...next.split('/').reverse());
	}
	return undefined;
};

const hasUnsafeText = (target: string): boolean =>
	target === '' || target.length > 4096 || /[\p{Cc}\p{Cf}\p{Cs}\\]|^[A-Za-z]:/u.test(target);

/** @throws SlipwayError ARCHIVE_LINK_UNSAFE for a link that leads outside, alone or through others, or round in circles */
export const checkSymlinks = (entries: readonly ArchiveEntry[], absolute: boolean): void => {
	const links = new Map(
		entries
			.filter(({ type }) => type === 'symlink')
			.map(({ path, linkName = '' }): [string, string] => [path, linkName]),
	);
	for (const [path, target] of links) {
		const problem = hasUnsafeText(target)
			? 'has an unsafe target'
			: findLinkProblem(path, target, { links, absolute });
		if (problem) {
			throw toArchiveError(
				'ARCHIVE_LINK_UNSAFE',
				`link ${JSON.stringify(path)} to ${JSON.stringify(toPrintable(target, 200))} ${problem}`,
			);
		}
	}
};
