import type { KeyPlace } from './read-place.ts';

type Key = KeyPlace['keys'][number];

export interface KeyComparison {
	readonly same: boolean;
	readonly both: readonly Key[];
	readonly onlyFirst: readonly Key[];
	readonly onlySecond: readonly Key[];
}

const without = (keys: readonly Key[], others: readonly Key[]): Key[] =>
	keys.filter(({ sha256 }) => others.every((other) => other.sha256 !== sha256));

/** Compares the keys of two places by their digests; names and order say nothing. */
export const compareKeyPlaces = (first: KeyPlace, second: KeyPlace): KeyComparison => {
	const onlyFirst = without(first.keys, second.keys);
	const onlySecond = without(second.keys, first.keys);
	return {
		same: onlyFirst.length === 0 && onlySecond.length === 0,
		both: first.keys.filter((key) => !onlyFirst.includes(key)),
		onlyFirst,
		onlySecond,
	};
};
