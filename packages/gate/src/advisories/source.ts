import type { Context } from '@slipway/core';
import type { GateEvidence, GateFinding } from '../gate.ts';
import type { Rating } from '../osv/cvss.ts';
import type { Component } from './component.ts';

/** What a database says that concerns a component at its version. */
export interface Advisory {
	/** GHSA-…, CVE-…, MAL-…; as its database names it. */
	readonly id: string;
	readonly aliases: readonly string[];
	readonly summary: string;
	readonly rating: Rating;
	readonly isMalware: boolean;
	/** Versions without it, for people; empty where none is known. */
	readonly fixed: readonly string[];
}

export interface Match {
	readonly advisory: Advisory;
	readonly component: Component;
}

/** What a source answered. */
export interface Advisories {
	readonly matches: readonly Match[];
	readonly evidence: readonly GateEvidence[];
	/** Seconds since the data was made; null: it was asked for just now. */
	readonly dataAge: number | null;
	/** What keeps the answer from being whole: data too old or unreadable, ecosystems it does not hold, no reply. */
	readonly problems: readonly GateFinding[];
}

/** A database of vulnerabilities and malware. Never throws for what makes its answer incomplete: that is a problem in it. */
export interface AdvisorySource {
	lookUp(components: readonly Component[], context: Context): Promise<Advisories>;
}
