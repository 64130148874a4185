/** One VEX statement, whichever format it came in. Fields that its author left out are undefined. */
export interface VexStatement {
	/** Names of the vulnerability: its own and its aliases. */
	readonly vulnerability: readonly string[];
	/** Package URLs, and digests as `sha256:…`, of what it speaks of; empty: of every product. */
	readonly products: readonly string[];
	/** Package URLs of SBOM components inside the products; empty: whatever is in them. */
	readonly components: readonly string[];
	readonly status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
	readonly author: string | undefined;
	/** Milliseconds since 1970. */
	readonly time: number | undefined;
	readonly justification: string | undefined;
	/** A day: the statement counts until its end (UTC). */
	readonly expires: string | undefined;
	/** File and digest of the document. */
	readonly document: { readonly name: string; readonly digest: { readonly sha256: string } };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Milliseconds since 1970 of an RFC 3339 time; undefined for anything else. */
export const toTime = (text: string | undefined): number | undefined => {
	if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return undefined;
	const time = Date.parse(text);
	return Number.isNaN(time) ? undefined : time;
};

/** A day that exists, or undefined. */
export const toDay = (text: string | undefined): string | undefined =>
	text !== undefined && DAY.test(text) && new Date(text).toJSON()?.startsWith(text) ? text : undefined;

/** The first millisecond after a day, in UTC. */
export const toEndOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) + 86_400_000;

/** Why a statement that something is harmless does not count, or undefined where it does. */
export const findVexProblem = (statement: VexStatement, now: number): string | undefined => {
	if (!statement.author) return 'names no author';
	if (statement.time === undefined) return 'has no time';
	if (statement.time > now) return 'was made in the future';
	if (!statement.justification) return 'has no justification';
	if (statement.expires === undefined) return 'has no expiry';
	if (toEndOfDay(statement.expires) <= now) return `expired on ${statement.expires}`;
	return undefined;
};
