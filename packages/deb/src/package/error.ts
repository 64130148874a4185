import { SlipwayError } from '@slipway/core';

export type DebCode =
	| 'DEB_ARCHITECTURE_INVALID'
	| 'DEB_COMPRESSION_UNAVAILABLE'
	| 'DEB_CONTROL_INVALID'
	| 'DEB_FILE_CONFLICT'
	| 'DEB_FILE_MISSING'
	| 'DEB_FILE_UNSUPPORTED'
	| 'DEB_INVALID'
	| 'DEB_LICENSE_TEXT_MISSING'
	| 'DEB_METADATA_CONFLICT'
	| 'DEB_METADATA_MISSING'
	| 'DEB_SCRIPT_INVALID'
	| 'DEB_STANZA_INVALID'
	| 'DEB_TOO_LARGE'
	| 'DEB_UNPACK_REFUSED'
	| 'DEB_VERSION_INVALID';

/** A failure of this package: what was expected and found, and what to do now. */
export const toDebError = (
	code: DebCode,
	message: string,
	hint: string,
	cause?: unknown,
): SlipwayError<DebCode> => new SlipwayError<DebCode>(code, message, { hint, cause });
