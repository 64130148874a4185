import { SlipwayError, toMessage } from '@slipway/core';

export type SystemCode =
	/** The disk, or this user's share of it, is full. */
	| 'SYSTEM_NO_SPACE'
	/** A file or folder that this user may not write, or a file system that is mounted read-only. */
	| 'SYSTEM_NOT_WRITABLE'
	/** More files are open than this user or machine may have. */
	| 'SYSTEM_TOO_MANY_FILES';

const NOT_WRITABLE = 'Let this user write there, or name another folder; then run the same command again.';

const toCoded = (code: SystemCode, hint: string, cause: unknown): SlipwayError<SystemCode> =>
	new SlipwayError<SystemCode>(code, `the system refused: ${toMessage(cause)}`, { hint, cause });

/** Node says of a new folder on a read-only disk that the one above it is not there. */
const isNotMade = ({ code, syscall }: NodeJS.ErrnoException): boolean =>
	code === 'ENOENT' && syscall === 'mkdir';

/** What the system refused, whoever asked it, as an error that says what to do; everything else as it is. */
export const toKnownError = (thrown: unknown): unknown => {
	if (!(thrown instanceof Error) || thrown instanceof SlipwayError) return thrown;
	const { code = '' } = thrown as NodeJS.ErrnoException;
	if (code === 'ENOSPC' || code === 'EDQUOT')
		return toCoded('SYSTEM_NO_SPACE', 'Make room on that disk, then run the same command again.', thrown);
	if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || isNotMade(thrown))
		return toCoded('SYSTEM_NOT_WRITABLE', NOT_WRITABLE, thrown);
	if (code === 'EMFILE' || code === 'ENFILE')
		return toCoded(
			'SYSTEM_TOO_MANY_FILES',
			'Allow more open files (`ulimit -n`), then run the same command again.',
			thrown,
		);
	return thrown;
};
