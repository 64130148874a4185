import { type Finding, SlipwayError, toMessage } from '@slipway/core';

/**
 * What one look has shown. `unknown`: it could not be looked at (no network, no right, no time); that is no fault of the
 * project, and never passes for good.
 */
export interface Observation {
	readonly verdict: 'good' | 'warning' | 'error' | 'unknown';
	/** What was looked at: `npm: greet`, `environment npm`. */
	readonly about: string;
	/** `SCOPE_REASON`; null where all is well. */
	readonly code: string | null;
	/** What was found, and for anything but good: the cause. */
	readonly message: string;
	/** The one thing to do; null where nothing is. */
	readonly action: string | null;
}

export type DoctorCode =
	| 'DOCTOR_TIMEOUT'
	| 'DOCTOR_UNREADABLE'
	| 'TOOL_MISSING'
	| 'TOOL_OLD'
	| 'CALLER_MISSING'
	| 'PUBLISHER_UNREGISTERED'
	| 'PUBLISHER_REFUSED'
	| 'PUBLISH_TOKEN_VISIBLE'
	| 'REPOSITORY_MISMATCH'
	| 'VERSION_TAKEN'
	| 'ENVIRONMENT_MISSING'
	| 'ENVIRONMENT_OPEN'
	| 'ENVIRONMENT_CLOSED'
	| 'ENVIRONMENT_REVIEWED'
	| 'ENVIRONMENT_UNREVIEWED'
	| 'TAG_UNPROTECTED'
	| 'BRANCH_UNPROTECTED'
	| 'REPOSITORY_ARCHIVED'
	| 'REPOSITORY_RENAMED'
	| 'RELEASES_MUTABLE'
	| 'TOKEN_DEFAULT_WRITE'
	| 'PAGES_MISSING'
	| 'PAGES_ELSEWHERE'
	| 'BUCKET_CREDENTIALS_ABSENT'
	| 'SIGNING_KEY_ABSENT'
	| 'APT_UNREACHABLE'
	| 'SERVICE_UNREACHABLE'
	| 'CLOCK_WRONG'
	| 'POLICY_ABSENT';

export const good = (about: string, message: string): Observation => ({
	verdict: 'good',
	about,
	code: null,
	message,
	action: null,
});

/** Something that is not well: code, cause, and one action. */
export const bad = (
	verdict: 'warning' | 'error' | 'unknown',
	code: DoctorCode,
	{ about, message, action }: Pick<Observation, 'about' | 'message'> & { readonly action: string },
): Observation => ({ verdict, about, code, message, action });

export const fromFinding = (about: string, { severity, code, message, hint }: Finding): Observation => ({
	verdict: severity,
	about,
	code,
	message,
	action: hint,
});

/** What a look threw: an error of ours says by itself what to do. */
export const fromThrown = (about: string, thrown: unknown): Observation =>
	thrown instanceof SlipwayError
		? { verdict: 'error', about, code: thrown.code, message: thrown.message, action: thrown.hint }
		: bad('unknown', 'DOCTOR_UNREADABLE', {
				about,
				message: toMessage(thrown),
				action: 'Run the command again with --verbose.',
			});
