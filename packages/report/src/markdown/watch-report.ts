/** Something that is not as it was released, or that is about to end. */
export interface WatchFinding {
	/** Id of a target, or what it is about: tags, journal, policy. */
	readonly target: string;
	readonly severity: 'error' | 'warning';
	readonly code: string;
	/** The cause. */
	readonly message: string;
	/** One action. */
	readonly hint: string;
}

/** What a look at everything that was released has found. */
export interface WatchReport {
	readonly project: string;
	/** RFC 3339. */
	readonly time: string;
	/** What expires within so many days is told. */
	readonly days: number;
	/** Errors first. */
	readonly findings: readonly WatchFinding[];
	/** What was looked at and is as it should be, or what could not be looked at; one sentence each. */
	readonly looked: readonly string[];
}
