import type { SbomPart } from '../model/part.ts';
import type { Component } from '../model/sbom.ts';

/** An SBOM that somebody else made, as far as it can be joined to ours. */
export interface ReadySbom {
	/** For messages. */
	readonly file: string;
	/** What it describes, where it says so. */
	readonly root: Omit<Component, 'ref' | 'scope'> | undefined;
	/** Everything below that root: every component is reached from ROOT. */
	readonly part: SbomPart;
	/** Seconds since 1970; 0 where it does not say. */
	readonly epoch: number;
	/** Who made it, the first tool or author it names; empty where it names none. */
	readonly author: string;
}
