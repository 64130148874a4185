import type { Artifact } from './artifact.ts';
import type { Context } from './context.ts';
import type { Digest } from './digest.ts';
import type { Subject } from './subject.ts';

/** The number of this contract. A publisher with another number is refused by name. */
export const PUBLISHER_CONTRACT = 1;

/**
 * Awaited right before each single mutating request (not once a verb).
 * Throws when this run has been fenced off or cancelled; the publisher then changes nothing more.
 */
export type Guard = () => Promise<void>;

/** How a target behaves; printed in the plan. */
export interface Traits {
	/** Can hold bytes that nobody resolves by default (a mode of a subject may still say no). */
	readonly hides: boolean;
	/** What withdraw can take back: everything, only the pointer, or nothing. */
	readonly undo: 'full' | 'pointer' | 'none';
	/** Exposed before all others and alone, in one write (GitHub Release). */
	readonly seals: boolean;
	/** How long (ms) an accepted change may stay unseen: scans, caches, CDN. verify and probe are polled that long. */
	readonly visibleWithin: number;
	/** Repeating the identical upload has no second effect, so that it may answer an "unknown". */
	readonly safeProbe: boolean;
	/** expose and withdraw take all subjects of the target as one change (apt: one index), or one subject a call. */
	readonly batch: 'all' | 'each';
}

/** Something preflight found. An error stops the plan. */
export interface Finding {
	readonly severity: 'error' | 'warning';
	/** `SCOPE_REASON`, as in SlipwayError. */
	readonly code: string;
	readonly message: string;
	readonly hint: string;
	/** It stands in the way back alone: a rollback is refused for it, a release that goes forward is warned. */
	readonly onlyBack?: true;
}

export type PreflightRequest =
	/** A release of these artifacts (those of other targets are ignored); `line`: the pointer to move instead of the default. */
	| {
			readonly operation: 'release';
			readonly artifacts: readonly Artifact[];
			readonly line?: string | undefined;
	  }
	/** What is pointed at now for subjects of a recorded release, and whether they can be withdrawn or exposed again. */
	| { readonly operation: 'rollback' | 'restore' | 'abort' | 'status'; readonly subjects: readonly Subject[] }
	/** No record: make the subjects of release `version` from the target itself, `previous` pointing to release `to`. */
	| { readonly operation: 'recover'; readonly version: string; readonly to: string };

export interface Preflight {
	readonly findings: readonly Finding[];
	/** `current`: the pointer's value now; for 'release' it is the subject's `pointer.previous`. */
	readonly subjects: readonly { readonly subject: Subject; readonly current: string | null }[];
}

/** What a target holds for one artifact, by digest. Never "the version exists". */
export type Presence =
	| { readonly state: 'absent' }
	| { readonly state: 'match' }
	| { readonly state: 'mismatch'; readonly found: Partial<Digest> }
	/** Accepted, not readable yet; `waitsFor` a scan or cache (poll) or a person (end as PENDING_EXTERNAL). */
	| { readonly state: 'pending'; readonly waitsFor: 'time' | 'person'; readonly reason: string }
	/** The target did not say. No change is made on this ground, but for targets with `safeProbe`. */
	| { readonly state: 'unknown'; readonly reason: string };

/** `unknown`: the reply was lost or says nothing about the effect; it is settled by probe, never by a blind retry. */
export type UploadOutcome =
	| { readonly outcome: 'accepted' }
	| { readonly outcome: 'unknown'; readonly reason: string; readonly retryAfterMs?: number | undefined };

export interface Exposure {
	readonly subject: Subject;
	/** `moved`: the pointer is neither `previous` nor `next`; nothing was written for this subject. */
	readonly outcome: 'exposed' | 'already' | 'moved';
	readonly current: string | null;
}

export interface Withdrawal {
	readonly subject: Subject;
	/** `not-ours`: the pointer names something else by now and was left alone. */
	readonly outcome: 'withdrawn' | 'already' | 'not-ours';
	readonly current: string | null;
	/** What cannot be undone, in words for people: hidden bytes that stay, burnt version numbers, installs that happened. */
	readonly remains: readonly string[];
}

export type Visibility = 'hidden' | 'exposed';

export interface Verification {
	readonly subject: Subject;
	/** Who looked: "apt-get 2.6.1", "npm 11.6.0", "built-in reader". */
	readonly client: string;
	/** What was checked, one short phrase each. */
	readonly checks: readonly string[];
}

/**
 * The adapter of one target. Verbs throw SlipwayError for what cannot go on (credentials, policy, refusals),
 * and return unions for what a transaction must expect. None retries a write: the transaction owns retries.
 */
export interface Publisher {
	readonly contract: typeof PUBLISHER_CONTRACT;
	/** The target's id in slipway.yml. */
	readonly id: string;
	/** For people: registry host and path, repository URL and suite. No credentials. */
	readonly description: string;
	readonly traits: Traits;
	/**
	 * Codes of errors that time can heal (a lost reply, a cache, a scan, a restart): verify is tried again within
	 * `visibleWithin`, expose and withdraw a few times. Every other error is final at once.
	 */
	readonly transient: readonly string[];
	/** Reads only: credentials (all that rollback needs too), names and versions free, clock, quota; modes and pointers. */
	preflight(request: PreflightRequest, context: Context): Promise<Preflight>;
	/** Reads only. */
	probe(artifact: Artifact, context: Context): Promise<Presence>;
	/** Puts the bytes where nobody resolves them by default (mode permitting). Assumes `absent`; moves no pointer. */
	upload(artifact: Artifact, subject: Subject, change: ChangeContext): Promise<UploadOutcome>;
	/** Moves the pointers from `previous` to `next`, compare-and-set, and clears marks that withdraw set. Idempotent. */
	expose(subjects: readonly Subject[], change: ChangeContext): Promise<readonly Exposure[]>;
	/**
	 * Fetches over the target's own protocol and compares digests and signatures. 'exposed' and 'withdrawn' also with
	 * the real client, in a place without rights: that the default resolves to our version, or (after a rollback) to what
	 * `pointer.previous` names and no longer to ours. One attempt: the transaction polls within `visibleWithin`.
	 * @throws SlipwayError when anything differs
	 */
	verify(
		subjects: readonly Subject[],
		state: Visibility | 'withdrawn',
		context: Context,
	): Promise<readonly Verification[]>;
	/**
	 * From 'exposed' (rollback): pointers back to `previous`, only where still `next`; marks the versions (deprecate, yank).
	 * From 'hidden' (abort): deletes drafts, staged versions and hidden pointers. Idempotent.
	 */
	withdraw(
		subjects: readonly Subject[],
		from: Visibility,
		change: ChangeContext & { readonly reason: string },
	): Promise<readonly Withdrawal[]>;
}

/** What a changing verb is given: a Context and the guard to await before each mutating request. */
export interface ChangeContext {
	readonly context: Context;
	readonly guard: Guard;
}
