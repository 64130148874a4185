import type { RehearsalChain, RehearsalTampering } from './rehearsal-chain.ts';

/** One piece of work. Steps of different projects overlap where they ran side by side. */
export interface RehearsalStep {
	readonly name: string;
	readonly ms: number;
	/** Milliseconds after the rehearsal began. */
	readonly start: number;
	/** null: work for all projects. */
	readonly project: string | null;
	readonly outcome: 'done' | 'failed';
}

/** The default version (dist-tag, candidate in the suite) as a consumer saw it; null: there was none; missing: not looked at. */
type SeenVersion = string | null | undefined;

/** What happened to one package at one target. Pointer values were read with npm and apt, not taken from our own report. */
export interface RehearsalTarget {
	readonly project: string;
	/** The target's id in slipway.yml. */
	readonly id: string;
	readonly type: 'npm' | 'apt' | 'github';
	/** Package URL without version. */
	readonly subject: string;
	/** In the target's own notation. */
	readonly version: string;
	/** `sha256:` and the hexadecimal digest of the bytes that the consumer was given. */
	readonly digest: string;
	readonly artifact: string;
	/** Bytes. */
	readonly size: number;
	/** The pointer's name: "dist-tag latest", "suite stable". */
	readonly pointer: string;
	readonly pointerBefore?: SeenVersion;
	readonly pointerAfterRelease?: SeenVersion;
	readonly pointerAfterRollback?: SeenVersion;
	readonly pointerAfterRestore?: SeenVersion;
	/** The default led a real client to our bytes, after the rollback to the previous version, after the restore to ours again. */
	readonly consumerVerified: boolean;
	/** Clients that looked, with their versions. */
	readonly verifiedBy: readonly string[];
	/** What a rollback cannot undo, in words. */
	readonly remains: readonly string[];
}

export interface RehearsalProject {
	readonly name: string;
	readonly version: string;
	readonly previous: {
		readonly version: string;
		/** published: its own bytes from the configured registry. built: the same files under a lower version. */
		readonly origin: 'published' | 'built';
	};
	/** Whether its own commands ran: the build, and tests against the built artifacts. */
	readonly commands: { readonly build: number; readonly test: number };
	/** sha256 of the Plan; null where the release did not come that far. */
	readonly releaseId: string | null;
	/** What deviates from the project's own configuration, one sentence each. */
	readonly notes: readonly string[];
}

/** One record of a release journal. */
export interface RehearsalRecord {
	readonly project: string;
	/** Path in the journal. */
	readonly path: string;
	/** RFC 3339; null where the record carries none. */
	readonly time: string | null;
	/** The record in words. */
	readonly text: string;
}

export interface RehearsalFault {
	readonly name: string;
	readonly description: string;
	/** What was done from outside, in order, and how the run and its re-run ended. */
	readonly events: readonly { readonly project: string; readonly text: string }[];
}

export interface RehearsalFailure {
	readonly project: string | null;
	readonly step: string;
	readonly code: string;
	readonly message: string;
	readonly hint: string;
}

/** What a rehearsal found out: the content of result.json and of the page. */
export interface RehearsalResult {
	readonly outcome: 'passed' | 'failed';
	readonly seconds: number;
	readonly steps: readonly RehearsalStep[];
	readonly targets: readonly RehearsalTarget[];
	readonly projects: readonly RehearsalProject[];
	/** One a project whose release was signed. */
	readonly chains: readonly RehearsalChain[];
	readonly tampering: readonly RehearsalTampering[];
	readonly failures: readonly RehearsalFailure[];
	readonly fault: RehearsalFault | null;
	readonly journal: readonly RehearsalRecord[];
	/** RFC 3339, UTC. */
	readonly startedAt: string;
	/** Name and version of what took part. */
	readonly tools: readonly string[];
}
