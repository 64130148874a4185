import { SlipwayError, toMessage } from '@slipway/core';
import type { StoreCode } from './store.ts';

/** `code` of a Node system error ("ENOENT"), or undefined for anything else that was thrown. */
export const toErrno = (thrown: unknown): string | undefined =>
	typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
		? thrown.code
		: undefined;

/** True when nothing lies at a path: it is absent, or one of its folders is a file. */
export const isAbsent = (thrown: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(toErrno(thrown) ?? '');

const READ_ONLY = new Set(['EROFS', 'EACCES', 'EPERM']);

const HINTS: Readonly<Record<string, string>> = {
	ENOSPC: 'Free some disk space and run the command again.',
	EDQUOT: 'The disk quota is used up: free some space and run the command again.',
	EROFS: 'The file system is mounted read-only: choose another folder or mount it writable.',
	EACCES: 'Give this user the right to read and write in the folder.',
	EPERM:
		'Give this user the right to read and write in the folder; it must be on a file system with hard links.',
	EMFILE: 'Too many files are open: raise the limit (ulimit -n) and run the command again.',
	ENFILE: 'The machine has too many files open: close some programs and run the command again.',
	EXDEV: 'A folder inside the store lies on another file system: the store must be on one.',
	EISDIR: 'A folder lies where a file is to be: remove or rename it.',
	EEXIST: 'A file lies where a folder is to be, or the other way round: remove or rename it.',
	ENOTDIR: 'A file lies where a folder is to be: remove or rename it.',
	ELOOP: 'Symbolic links in the store lead in a circle: remove them.',
};

/** A failed read or write of `path` as a typed error; a SlipwayError passes unchanged. */
export const toStoreError = (verb: 'read' | 'write', path: string, thrown: unknown): SlipwayError => {
	if (thrown instanceof SlipwayError) return thrown;
	const errno = toErrno(thrown) ?? '';
	const failure: StoreCode = READ_ONLY.has(errno) ? 'STORE_READ_ONLY' : 'STORE_WRITE_FAILED';
	return new SlipwayError<StoreCode>(
		verb === 'read' ? 'STORE_UNREADABLE' : failure,
		`${path}: expected to ${verb} it, got ${toMessage(thrown)}`,
		{
			hint: HINTS[errno] ?? 'Look at the cause, repair the folder and run the command again.',
			cause: thrown,
		},
	);
};

export const invalidPath = (path: string, problem: string): SlipwayError<StoreCode> =>
	new SlipwayError<StoreCode>(
		'STORE_PATH_INVALID',
		`expected a path inside the store, but ${JSON.stringify(path.slice(0, 200))} ${problem}`,
		{ hint: 'Use a relative path with / that stays inside the folder of the store.' },
	);
