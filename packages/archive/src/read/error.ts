import { SlipwayError } from '@slipway/core';

export type ArchiveCode =
	/** Not an archive of that kind, or damaged. */
	| 'ARCHIVE_CORRUPT'
	/** Ends before it should. */
	| 'ARCHIVE_TRUNCATED'
	/** Two readers could see two different contents in it. */
	| 'ARCHIVE_AMBIGUOUS'
	/** A path that is absolute, climbs, or cannot be a file name everywhere. */
	| 'ARCHIVE_PATH_UNSAFE'
	/** Two entries that are one file on some file system, or a file that is also a folder. */
	| 'ARCHIVE_DUPLICATE'
	/** A link that leads out of the archive, goes round in circles, or whose target is not there. */
	| 'ARCHIVE_LINK_UNSAFE'
	/** Devices, fifos, sparse files, set-user-id bits, encrypted entries. */
	| 'ARCHIVE_ENTRY_REFUSED'
	/** More entries, bytes, ratio or depth than allowed. */
	| 'ARCHIVE_LIMIT_EXCEEDED';

const HINT =
	'Nothing of it was used. Look at how this archive was made; Slipway reads only plain, complete ones.';

export const toArchiveError = (
	code: ArchiveCode,
	message: string,
	cause?: unknown,
): SlipwayError<ArchiveCode> => new SlipwayError<ArchiveCode>(code, message, { hint: HINT, cause });
