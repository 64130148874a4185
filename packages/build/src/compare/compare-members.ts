import type { ArchiveEntry } from '@slipway/archive';
import { toPrintable } from '@slipway/core';
import type { Difference } from './difference.ts';

const FIELDS: readonly (readonly [field: string, read: (entry: ArchiveEntry) => string])[] = [
	['type', ({ type }) => type],
	['mode', ({ mode }) => mode.toString(8).padStart(4, '0')],
	['mtime', ({ mtime }) => toTime(mtime)],
	['owner', ({ owner }) => `${owner.uid}:${owner.gid} ${owner.user}:${owner.group}`.trim()],
	['link', ({ linkName = '' }) => toPrintable(linkName, 200)],
];

/** Seconds since 1970, and the date where it is one. */
const toTime = (seconds: number): string => {
	const date = new Date(seconds * 1000);
	return Number.isNaN(date.getTime()) ? String(seconds) : `${seconds} (${date.toISOString()})`;
};

const compareFields = (path: readonly string[], first: ArchiveEntry, second: ArchiveEntry): Difference[] =>
	FIELDS.map(([field, read]) => ({ field, values: [read(first), read(second)] as const }))
		.filter(({ values: [a, b] }) => a !== b)
		.map((difference) => ({ path, kind: 'field', ...difference }));

const compareOrder = (
	path: readonly string[],
	first: readonly string[],
	second: readonly string[],
): Difference[] => {
	const index = first.findIndex((name, place) => name !== second[place]);
	if (index < 0) return [];
	const values = [toPrintable(first[index] ?? '', 200), toPrintable(second[index] ?? '', 200)] as const;
	return [{ path, kind: 'order', values }];
};

/** Two members of one name whose content differs. */
export interface Pair {
	readonly path: readonly string[];
	readonly first: Uint8Array;
	readonly second: Uint8Array;
}

/**
 * Compares what two archives hold: names, order and header fields.
 * @returns the differences, and the members whose content is still to be compared
 */
export const compareMembers = (
	path: readonly string[],
	first: readonly ArchiveEntry[],
	second: readonly ArchiveEntry[],
): { readonly differences: readonly Difference[]; readonly pairs: readonly Pair[] } => {
	const firstByPath = new Map(first.map((entry) => [entry.path, entry]));
	const secondByPath = new Map(second.map((entry) => [entry.path, entry]));
	const differences: Difference[] = [];
	const pairs: Pair[] = [];
	for (const entry of first)
		if (!secondByPath.has(entry.path)) differences.push({ path: [...path, entry.path], kind: 'missing' });
	for (const entry of second)
		if (!firstByPath.has(entry.path)) differences.push({ path: [...path, entry.path], kind: 'added' });
	const common = first.map((entry) => entry.path).filter((name) => secondByPath.has(name));
	differences.push(
		...compareOrder(
			path,
			common,
			second.map((entry) => entry.path).filter((name) => firstByPath.has(name)),
		),
	);
	for (const name of common) {
		const [one, two] = [firstByPath.get(name), secondByPath.get(name)];
		if (!one || !two) continue;
		const inner = [...path, name];
		differences.push(...compareFields(inner, one, two));
		if (Buffer.compare(one.bytes, two.bytes) !== 0)
			pairs.push({ path: inner, first: one.bytes, second: two.bytes });
	}
	return { differences, pairs };
};
