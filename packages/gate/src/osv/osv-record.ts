import { parseJson, SlipwayError } from '@slipway/core';
import * as v from 'valibot';
import { type Rating, toCvss3Score, toRatingOfScore, toRatingOfWord } from './cvss.ts';
import type { RangeEvent } from './is-affected.ts';

const MAX_RECORD_BYTES = 8 * 1024 * 1024;
const MAX_SUMMARY = 200;

const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9:._+/-]{0,127}$/, 'expected an id'));
const Text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const VersionText = Text(256);

const Event = v.object({
	introduced: v.optional(VersionText),
	fixed: v.optional(VersionText),
	last_affected: v.optional(VersionText),
	limit: v.optional(VersionText),
});
const Severity = v.nullish(v.array(v.object({ type: v.string(), score: v.string() })), []);
const Specific = v.nullish(v.looseObject({}), {});

const Affected = v.object({
	package: v.optional(
		v.object({ ecosystem: Text(64), name: v.pipe(v.string(), v.minLength(1), v.maxLength(512)) }),
	),
	severity: Severity,
	ranges: v.nullish(
		v.array(v.object({ type: v.string(), events: v.pipe(v.array(Event), v.maxLength(10_000)) })),
		[],
	),
	versions: v.nullish(v.pipe(v.array(VersionText), v.maxLength(100_000)), []),
	ecosystem_specific: Specific,
	database_specific: Specific,
});
type Affected = v.InferOutput<typeof Affected>;

/** What is read of a record (OSV schema 1.7); everything else in it is passed over. */
const OsvRecord = v.object({
	id: Id,
	modified: v.pipe(v.string(), v.isoTimestamp()),
	withdrawn: v.nullish(v.string()),
	aliases: v.nullish(v.array(Id), []),
	summary: v.nullish(v.string(), ''),
	severity: Severity,
	affected: v.nullish(v.pipe(v.array(Affected), v.maxLength(10_000)), []),
	database_specific: Specific,
});
export type OsvRecord = v.InferOutput<typeof OsvRecord>;

/** What one record says of one package; short keys, for there are hundreds of thousands. */
export interface OsvEntry {
	readonly id: string;
	readonly aliases?: readonly string[];
	readonly summary?: string;
	readonly rating?: Rating;
	/** Malware, not a vulnerability: every use of it is one too many. */
	readonly malware?: true;
	/** Release of a distribution: "12" of Debian:12. */
	readonly release?: string;
	readonly ranges?: readonly (readonly RangeEvent[])[];
	readonly versions?: readonly string[];
}

export interface PackageEntry {
	readonly ecosystem: string;
	readonly name: string;
	readonly entry: OsvEntry;
}

/** @returns undefined for what is no OSV record */
export const parseOsvRecord = (bytes: Uint8Array): OsvRecord | undefined => {
	try {
		const parsed = v.safeParse(OsvRecord, parseJson(bytes, 'a record', { maxBytes: MAX_RECORD_BYTES }));
		return parsed.success ? parsed.output : undefined;
	} catch (thrown) {
		if (thrown instanceof SlipwayError) return undefined;
		throw thrown;
	}
};

const toWord = (specific: unknown, ...keys: readonly string[]): string | undefined =>
	keys
		.map((key) => (specific as Record<string, unknown> | null)?.[key])
		.find((value) => typeof value === 'string');

/** The database's own word first: for GitHub it is what people decided; then the score. */
const toRating = (record: OsvRecord, affected: Affected): Rating => {
	const word =
		toWord(record.database_specific, 'severity') ??
		toWord(affected.ecosystem_specific, 'severity', 'urgency') ??
		toWord(affected.database_specific, 'severity');
	const rating = word === undefined ? 'unknown' : toRatingOfWord(word);
	if (rating !== 'unknown') return rating;
	const scores = [...(affected.severity ?? []), ...(record.severity ?? [])].flatMap(
		({ score }) => toCvss3Score(score) ?? [],
	);
	return scores.length === 0 ? 'unknown' : toRatingOfScore(Math.max(...scores));
};

const EMBEDDED_MALICIOUS_CODE = 'CWE-506';

const isMalware = ({ id, aliases, database_specific: specific }: OsvRecord): boolean => {
	const weaknesses = (specific as { readonly cwe_ids?: unknown } | null)?.cwe_ids;
	return (
		[id, ...(aliases ?? [])].some((name) => name.startsWith('MAL-')) ||
		(Array.isArray(weaknesses) && weaknesses.includes(EMBEDDED_MALICIOUS_CODE))
	);
};

const EVENT_KINDS = [
	['introduced', 'i'],
	['fixed', 'f'],
	['last_affected', 'l'],
	['limit', 'x'],
] as const;

const toEvents = (events: readonly v.InferOutput<typeof Event>[]): RangeEvent[] =>
	events.flatMap((event) =>
		EVENT_KINDS.flatMap(([key, kind]) => (event[key] === undefined ? [] : [`${kind}${event[key]}`])),
	);

/** Commits are no versions: a range of them says nothing about a package. */
const toRanges = (affected: Affected): RangeEvent[][] =>
	(affected.ranges ?? []).filter(({ type }) => type !== 'GIT').map(({ events }) => toEvents(events));

const isOnlyGit = ({ ranges, versions }: Affected): boolean =>
	(versions ?? []).length === 0 &&
	(ranges ?? []).length > 0 &&
	(ranges ?? []).every(({ type }) => type === 'GIT');

const toEntry = (record: OsvRecord, affected: Affected, release: string | undefined): OsvEntry => {
	const [ranges, versions] = [toRanges(affected), affected.versions ?? []];
	return {
		id: record.id,
		...((record.aliases ?? []).length > 0 && { aliases: record.aliases ?? [] }),
		...(record.summary && { summary: record.summary.slice(0, MAX_SUMMARY) }),
		rating: toRating(record, affected),
		...(isMalware(record) && { malware: true as const }),
		...(release !== undefined && { release }),
		...(ranges.length > 0 && { ranges }),
		...(versions.length > 0 && { versions }),
	};
};

/** What a record says, package by package. Nothing where it was withdrawn, and nothing of ranges that are commits only. */
export const toPackageEntries = (record: OsvRecord): PackageEntry[] => {
	if (record.withdrawn) return [];
	return (record.affected ?? []).flatMap((affected) => {
		if (!affected.package || isOnlyGit(affected)) return [];
		const [ecosystem = '', ...release] = affected.package.ecosystem.split(':');
		const entry = toEntry(record, affected, release.length > 0 ? release.join(':') : undefined);
		return [{ ecosystem, name: affected.package.name, entry }];
	});
};
