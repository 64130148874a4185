import type { Component } from '../advisories/component.ts';
import type { Advisory, Match } from '../advisories/source.ts';
import { isAtLeast, type Rating } from '../osv/cvss.ts';

/** One vulnerability, under all names that databases give it, and where it is. */
export interface Vulnerability {
	readonly id: string;
	readonly aliases: readonly string[];
	readonly summary: string;
	/** The worst that any database says; `unknown` only where none says anything. */
	readonly rating: Rating;
	readonly fixed: readonly string[];
	readonly matches: readonly Match[];
}

/** Names that people know best come first. */
const PREFIXES = ['GHSA-', 'CVE-', 'MAL-'];

const toRank = (id: string): number => {
	const rank = PREFIXES.findIndex((prefix) => id.startsWith(prefix));
	return rank === -1 ? PREFIXES.length : rank;
};

const toWorst = (ratings: readonly Rating[]): Rating => {
	const known = ratings.filter((rating) => rating !== 'unknown');
	return known.reduce((worst, rating) => (isAtLeast(rating, worst) ? rating : worst), known[0] ?? 'unknown');
};

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

const toVulnerability = (matches: readonly Match[]): Vulnerability => {
	const advisories = matches.map(({ advisory }) => advisory);
	const own = unique(advisories.map(({ id }) => id)).sort(
		(a, b) => toRank(a) - toRank(b) || (a < b ? -1 : 1),
	);
	const [id = ''] = own;
	const names = unique([...own, ...advisories.flatMap(({ aliases }) => aliases)]);
	return {
		id,
		aliases: names.filter((name) => name !== id).sort(),
		summary: advisories.find(({ summary }) => summary !== '')?.summary ?? '',
		rating: toWorst(advisories.map(({ rating }) => rating)),
		fixed: unique(advisories.flatMap(({ fixed }) => fixed)),
		matches,
	};
};

/** Advisories that share a name are one vulnerability: of several databases, or of one that took over another's. */
export const groupMatches = (matches: readonly Match[]): Vulnerability[] => {
	const groupByName = new Map<string, Match[]>();
	for (const match of matches) {
		const names = toNames(match.advisory);
		const [first = [], ...others] = unique(
			names.map((name) => groupByName.get(name)).filter((group) => group !== undefined),
		);
		const merged = others.flat();
		first.push(...merged, match);
		for (const name of [...names, ...merged.flatMap(({ advisory }) => toNames(advisory))])
			groupByName.set(name, first);
	}
	return unique([...groupByName.values()])
		.map(toVulnerability)
		.sort((a, b) => (a.id < b.id ? -1 : 1));
};

const toNames = ({ id, aliases }: Advisory): string[] => [id, ...aliases];

/** Components of matches, each once, in the order in which they were found. */
export const toComponents = (matches: readonly Match[]): Component[] =>
	unique(matches.map(({ component }) => component));
