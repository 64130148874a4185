import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError, toPrintable } from '@slipway/core';
import type { InitCode } from '../code.ts';

/** No file that describes a project is larger. */
const MAX_BYTES = 1024 * 1024;

const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

const refuse = (code: InitCode, path: string, problem: string, hint: string): SlipwayError =>
	new SlipwayError<InitCode>(code, `${toPrintable(path, 300)} ${problem}`, { hint });

export const toInvalid = (path: string, problem: string, cause?: unknown): SlipwayError =>
	new SlipwayError<InitCode>('INIT_FILE_INVALID', `${toPrintable(path, 300)}: ${problem}`, {
		hint: `Correct ${toPrintable(path, 300)}, then run slipway init again.`,
		cause,
	});

const checkStats = (stats: Stats, name: string): void => {
	if (!stats.isFile())
		throw refuse(
			'INIT_FILE_NOT_PLAIN',
			name,
			'is no plain file',
			'Put a plain file there, not a link or a pipe.',
		);
	if (stats.size > MAX_BYTES)
		throw refuse('INIT_FILE_TOO_LARGE', name, `is larger than ${MAX_BYTES} bytes`, 'Look at what wrote it.');
};

/**
 * The text of a file of the project, without a byte order mark; undefined where there is none. Links are not followed, and
 * nothing is waited for.
 * @throws SlipwayError INIT_FILE_NOT_PLAIN, INIT_FILE_TOO_LARGE, INIT_FILE_INVALID
 */
export const readProjectFile = async (folder: string, name: string): Promise<string | undefined> => {
	const path = join(folder, name);
	try {
		checkStats(await lstat(path), name);
		const file = await open(
			path,
			constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
		);
		try {
			checkStats(await file.stat(), name);
			return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
		} finally {
			await file.close();
		}
	} catch (cause) {
		if (cause instanceof SlipwayError) throw cause;
		const { code = '' } = cause as NodeJS.ErrnoException;
		if (ABSENT.has(code)) return undefined;
		throw toInvalid(name, 'cannot be read as text', cause);
	}
};

/** What lies at a path of the project, without following links. */
export const findKind = async (folder: string, name: string): Promise<'file' | 'folder' | undefined> => {
	const stats = await lstat(join(folder, name)).catch(() => undefined);
	if (stats?.isFile()) return 'file';
	return stats?.isDirectory() ? 'folder' : undefined;
};
