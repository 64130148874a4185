import { SlipwayError } from '@slipway/core';

export type AptCode =
	| 'APT_ARCHITECTURE_UNKNOWN'
	| 'APT_ARTIFACT_CHANGED'
	| 'APT_ARTIFACT_INVALID'
	| 'APT_BYTES_CHANGED'
	| 'APT_BYTES_MISSING'
	| 'APT_CLIENT_FAILED'
	| 'APT_CLOCK_WRONG'
	| 'APT_CONFLICT'
	| 'APT_DATE_AHEAD'
	| 'APT_INDEX_INVALID'
	| 'APT_KEY_ALGORITHM'
	| 'APT_KEY_EXPIRED'
	| 'APT_KEY_EXPIRES_SOON'
	| 'APT_KEY_INVALID'
	| 'APT_KEY_LOCKED'
	| 'APT_KEY_MISSING'
	| 'APT_KEY_NOT_YET_VALID'
	| 'APT_KEY_REVOKED'
	| 'APT_KEY_SELF_SIGNATURE'
	| 'APT_KEY_VERSION'
	| 'APT_LINE_INVALID'
	| 'APT_ORIGIN_CHANGED'
	| 'APT_PACKAGE_UNKNOWN'
	| 'APT_POINTER_INVALID'
	| 'APT_POINTER_MOVED'
	| 'APT_PRERELEASE_REFUSED'
	| 'APT_RELEASE_INVALID'
	| 'APT_REPOSITORY_EXPIRED'
	| 'APT_REPOSITORY_OTHER_KEY'
	| 'APT_REPOSITORY_OTHER_SUITE'
	| 'APT_REPOSITORY_REPLAYED'
	| 'APT_REPOSITORY_TAMPERED'
	| 'APT_REPOSITORY_UNSIGNED'
	| 'APT_SERVER_UNREACHABLE'
	| 'APT_SUITE_UNKNOWN'
	| 'APT_VERIFICATION_FAILED'
	| 'APT_VERSION_LOWER'
	| 'APT_VERSION_TAKEN';

/** A failure of the apt repository or its publisher: what was expected and found, and what to do now. */
export const toAptError = (
	code: AptCode,
	message: string,
	hint: string,
	cause?: unknown,
): SlipwayError<AptCode> => new SlipwayError<AptCode>(code, message, { hint, cause });
