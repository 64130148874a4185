import type { BenchRow } from '../row.ts';

/** Load averages of the last 1, 5 and 15 minutes. */
export type Load = readonly number[];

export interface PeerState {
	readonly name: string;
	/** First line of what it says; absent: not installed. */
	readonly version?: string;
	/** How to get it. */
	readonly install: string;
}

export interface Measurement {
	readonly name: string;
	/** What repeats it. */
	readonly command: string;
	/** A load much above 1 before the first row tells of others at work. */
	readonly load: { readonly start: Load; readonly end: Load };
	/** Absent: it failed. */
	readonly rows?: readonly BenchRow[];
}

/** All of `out/bench/result.json`; its JSON schema is docs/reference/bench-result.v1.schema.json. */
export interface BenchResult {
	readonly version: 1;
	/** Processor, cores, memory, system, Node. */
	readonly machine: string;
	/** Of this code base; `-changed` behind it where files were not committed. */
	readonly commit: string;
	readonly start: string;
	readonly end: string;
	readonly peers: readonly PeerState[];
	readonly results: readonly Measurement[];
}
