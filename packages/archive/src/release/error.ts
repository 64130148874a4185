import { SlipwayError } from '@slipway/core';

export type ReleaseCode =
	| 'RELEASE_MANIFEST_MISSING'
	| 'RELEASE_ARTIFACT_CHANGED'
	| 'RELEASE_ARTIFACT_MISSING'
	| 'RELEASE_UNKNOWN_FILE'
	| 'RELEASE_PATH_UNSAFE'
	| 'RELEASE_FOLDER_OCCUPIED'
	| 'STAGE_RECORD_INVALID';

const HINTS: Readonly<Record<ReleaseCode, string>> = {
	RELEASE_MANIFEST_MISSING: 'Name the folder that a build wrote, or build first.',
	RELEASE_ARTIFACT_CHANGED:
		'Nothing was published from it. Get the Release folder again from where it was built; do not edit it.',
	RELEASE_ARTIFACT_MISSING: 'Get the whole Release folder again from where it was built.',
	RELEASE_UNKNOWN_FILE:
		'Find out who put it there, and get the Release folder again from where it was built.',
	RELEASE_PATH_UNSAFE:
		'Nothing was written there. Look at the stage record or artifact that this name comes from; build again.',
	STAGE_RECORD_INVALID: 'Get the Release folder again from where it was built.',
	RELEASE_FOLDER_OCCUPIED: 'Name an empty folder or one that holds a Release.',
};

export const toReleaseError = (
	code: ReleaseCode,
	message: string,
	cause?: unknown,
): SlipwayError<ReleaseCode> => new SlipwayError<ReleaseCode>(code, message, { hint: HINTS[code], cause });
