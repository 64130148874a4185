/** What one race came to. */
export interface RaceRow {
	readonly name: string;
	readonly processes: number;
	/** Calls in its history, or changes that were tried. */
	readonly operations: number;
	/** Writes that found another writer first and were begun again. */
	readonly conflicts: number;
	/** Updates that users saw and accepted. */
	readonly updates: number;
	readonly seconds: number;
	/** In words; none: passed. */
	readonly problems: readonly string[];
	/** For people. */
	readonly notes: readonly string[];
}

export interface RaceOptions {
	readonly seed: number;
	readonly processes: number;
}

/** One race of `npm run races`. */
export interface Race {
	readonly name: string;
	/** servers: programs that `npm run stores` installs. */
	readonly needs?: 'servers';
	/** The tool without which it cannot run here. */
	readonly findMissing?: () => string | undefined;
	readonly run: (options: RaceOptions) => Promise<readonly RaceRow[]>;
}
