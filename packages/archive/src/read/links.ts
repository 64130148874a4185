import { toPrintable } from '@slipway/core';
import type { ArchiveEntry } from './entry.ts';
import { toArchiveError } from './error.ts';

const MAX_HOPS = 40;
/** Path segments that the links of one archive may cost together; long ones count more, as they take longer. */
const MAX_STEPS = 1_000_000;
const CHARACTERS_PER_STEP = 64;

interface Walk {
	/** Targets by path. */
	readonly links: ReadonlyMap<string, string>;
	/** Characters of the longest path of a link: nothing longer is looked up. */
	readonly longest: number;
	readonly absolute: boolean;
	/** Where links end that were followed already: each is followed once. */
	readonly ends: Map<string, End>;
	steps: number;
}

/** Where a link ends, '' for the root, and how many other links lie on the way. */
interface End {
	readonly place: string;
	readonly hops: number;
}

/** @throws SlipwayError ARCHIVE_LIMIT_EXCEEDED */
const spend = (walk: Walk, { length }: string): void => {
	walk.steps += 1 + Math.floor(length / CHARACTERS_PER_STEP);
	if (walk.steps > MAX_STEPS)
		throw toArchiveError(
			'ARCHIVE_LIMIT_EXCEEDED',
			`expected at most ${MAX_STEPS} path segments in the targets of all links`,
		);
};

const toParent = (place: string): string => place.slice(0, Math.max(0, place.lastIndexOf('/')));

/** One segment on from a place. @returns where it leads, or why it must not be followed */
const step = ({ place, hops }: End, segment: string, at: { walk: Walk; depth: number }): End | string => {
	if (segment === '' || segment === '.') return { place, hops };
	if (segment === '..') return place === '' ? 'leads out of the archive' : { place: toParent(place), hops };
	const next = place === '' ? segment : `${place}/${segment}`;
	if (next.length > at.walk.longest || !at.walk.links.has(next)) return { place: next, hops };
	const end = follow(next, at.walk, at.depth + 1);
	if (typeof end === 'string') return end;
	const total = hops + 1 + end.hops;
	return total > MAX_HOPS ? 'goes round in circles' : { place: end.place, hops: total };
};

/**
 * Follows a link the way a kernel does (path_resolution(7)), through the archive's other links, inside a root.
 * @returns where it ends, or why it must not be followed
 * @throws SlipwayError ARCHIVE_LIMIT_EXCEEDED
 */
const follow = (path: string, walk: Walk, depth = 0): End | string => {
	const known = walk.ends.get(path);
	if (known) return known;
	if (depth > MAX_HOPS) return 'goes round in circles';
	const target = walk.links.get(path) ?? '';
	const isAbsolute = target.startsWith('/');
	if (isAbsolute && !walk.absolute) return 'leads to an absolute path';
	let end: End | string = { place: isAbsolute ? '' : toParent(path), hops: 0 };
	for (const segment of target.split('/')) {
		spend(walk, end.place);
		end = step(end, segment, { walk, depth });
		if (typeof end === 'string') return end;
	}
	walk.ends.set(path, end);
	return end;
};

const hasUnsafeText = (target: string): boolean =>
	target === '' || target.length > 4096 || /[\p{Cc}\p{Cf}\p{Cs}\\]|^[A-Za-z]:/u.test(target);

/**
 * @throws SlipwayError ARCHIVE_LINK_UNSAFE for a link that leads outside, alone or through others, or round in circles;
 * ARCHIVE_LIMIT_EXCEEDED for links that together take too long to follow
 */
export const checkSymlinks = (entries: readonly ArchiveEntry[], absolute: boolean): void => {
	const links = new Map(
		entries
			.filter(({ type }) => type === 'symlink')
			.map(({ path, linkName = '' }): [string, string] => [path, linkName]),
	);
	const longest = [...links.keys()].reduce((most, { length }) => Math.max(most, length), 0);
	const walk: Walk = { links, longest, absolute, ends: new Map(), steps: 0 };
	for (const [path, target] of links) {
		spend(walk, target);
		const end = hasUnsafeText(target) ? 'has an unsafe target' : follow(path, walk);
		if (typeof end !== 'string') continue;
		throw toArchiveError(
			'ARCHIVE_LINK_UNSAFE',
			`link ${JSON.stringify(path)} to ${JSON.stringify(toPrintable(target, 200))} ${end}`,
		);
	}
};
