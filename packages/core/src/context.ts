/** Where progress goes. Implementations escape what they print; callers pass plain text. */
export interface Log {
	debug(message: string): void;
	info(message: string): void;
	warning(message: string): void;
}

/** Time, so that tests and simulations can own it. */
export interface Clock {
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	now(): number;
	/** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What every stage is given besides its input. Frozen at these four fields. */
export interface Context {
	readonly log: Log;
	readonly clock: Clock;
	/** An existing folder of this run; whoever made the context removes it. */
	readonly tempDir: string;
	readonly signal: AbortSignal;
}

/** One step of a pipeline: a function. A pipeline is an array of them, read as a table of contents. */
export type Stage<Input, Output> = (input: Input, context: Context) => Promise<Output>;
