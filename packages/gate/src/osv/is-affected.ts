/** Orders two versions of one ecosystem: negative, zero or positive. */
export type VersionOrder = (a: string, b: string) => number;

/**
 * One event of a range: `i` introduced, `f` fixed, `l` last affected, `x` limit, followed by the version
 * (OSV schema, affected[].ranges[].events).
 */
export type RangeEvent = string;

/** Which versions of a package a record speaks of. Neither ranges nor versions: all of them. */
export interface AffectedVersions {
	readonly ranges?: readonly (readonly RangeEvent[])[] | undefined;
	readonly versions?: readonly string[] | undefined;
}

const toKind = (event: RangeEvent): string => event[0] ?? '';
const toVersion = (event: RangeEvent): string => event.slice(1);

/** `introduced: 0` stands for a version before all others. */
const isStart = (event: RangeEvent): boolean => event === 'i0' || event === 'i';

const isBeforeLimits = (version: string, events: readonly RangeEvent[], compare: VersionOrder): boolean => {
	const limits = events.filter((event) => toKind(event) === 'x').map(toVersion);
	return limits.length === 0 || limits.some((limit) => limit === '*' || compare(version, limit) < 0);
};

/** True when the state changes at this event for `version`: it lies at or behind it. */
const isReached = (version: string, event: RangeEvent, compare: VersionOrder): boolean => {
	if (isStart(event)) return true;
	const order = compare(version, toVersion(event));
	return toKind(event) === 'l' ? order > 0 : order >= 0;
};

/** Sorted by version; where two are equal the order of the record stands: fixed in 2 and introduced in 2 again. */
const sortEvents = (events: readonly RangeEvent[], compare: VersionOrder): RangeEvent[] =>
	events
		.filter((event) => 'ifl'.includes(toKind(event)))
		.sort((a, b) =>
			isStart(a) || isStart(b)
				? Number(isStart(b)) - Number(isStart(a))
				: compare(toVersion(a), toVersion(b)),
		);

const isInRange = (version: string, events: readonly RangeEvent[], compare: VersionOrder): boolean => {
	if (!isBeforeLimits(version, events, compare)) return false;
	const sorted = sortEvents(events, compare);
	// A range without a beginning is against the schema; what it means is read the careful way: from the first version on.
	let affected = !sorted.some((event) => toKind(event) === 'i');
	for (const event of sorted) if (isReached(version, event, compare)) affected = toKind(event) === 'i';
	return affected;
};

/** Whether a record speaks of this version (OSV schema, "Evaluation"). Without an order only listed versions count. */
export const isAffected = (
	version: string,
	{ ranges, versions }: AffectedVersions,
	compare: VersionOrder | undefined,
): boolean => {
	if (!ranges && !versions) return true;
	if (versions?.includes(version)) return true;
	if (!compare) return false;
	return ranges?.some((events) => isInRange(version, events, compare)) ?? false;
};

/** Versions that are fixed, for people: every `fixed` event. */
export const toFixedVersions = ({ ranges = [] }: AffectedVersions): string[] => [
	...new Set(
		ranges
			.flat()
			.filter((event) => toKind(event) === 'f')
			.map(toVersion),
	),
];
