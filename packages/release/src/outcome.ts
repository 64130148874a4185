/** How a run of the transaction can end (design: section 6). Only the first three are final. */
export type EndState =
	| 'COMPLETED'
	| 'ABORTED'
	| 'ROLLED_BACK'
	| 'HELD'
	| 'PENDING_EXTERNAL'
	| 'STOPPED_MISMATCH';

/** What is where, for one subject of one target. */
export interface SubjectReport {
	readonly target: string;
	readonly description: string;
	/** Package URL without version. */
	readonly subject: string;
	readonly version: string;
	readonly mode: string;
	readonly artifacts: readonly { readonly name: string; readonly sha256: string }[];
	readonly pointer: {
		readonly name: string;
		readonly previous: string | null;
		readonly next: string;
		/** undefined: not looked at. */
		readonly current: string | null | undefined;
	};
	readonly state: 'exposed' | 'hidden' | 'absent' | 'pending' | 'mismatch' | 'unknown' | 'withdrawn';
	/** Clients that verified it as exposed (or, after a rollback, that it is gone). */
	readonly verifiedBy: readonly string[];
	/** What cannot be undone. */
	readonly remains: readonly string[];
	/** Why it is not where it should be: code and message of the failure. */
	readonly problem?: string;
}

/** What every operation returns and every door (command, action, rehearsal) prints. */
export interface ReleaseReport {
	readonly operation: 'release' | 'abort' | 'rollback' | 'restore' | 'status' | 'verify';
	readonly dryRun: boolean;
	readonly project: string;
	readonly version: string;
	/** sha256 of the Plan; null where no plan was recorded. */
	readonly releaseId: string | null;
	readonly state: EndState;
	/** This run did its share of a release that other jobs go on with. */
	readonly partial: boolean;
	/** One sentence: why this state. */
	readonly reason: string;
	readonly subjects: readonly SubjectReport[];
	/** Milliseconds of each phase, in order. */
	readonly phases: readonly { readonly name: string; readonly ms: number }[];
	/** The one command that goes on; null where nothing is left to do. */
	readonly next: string | null;
}
