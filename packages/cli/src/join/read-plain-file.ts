import { lstat, readFile, stat } from 'node:fs/promises';
import { SlipwayError, toPrintable } from '@slipway/core';
import type { JoinCode } from './project.ts';

const toNotPlain = (path: string): SlipwayError =>
	new SlipwayError<JoinCode>('FILE_NOT_PLAIN', `expected a plain file, got ${toPrintable(path, 300)}`, {
		hint: 'Name a file, not a folder, a pipe, a device or a link that leads nowhere.',
	});

const isDanglingLink = (path: string): Promise<boolean> =>
	lstat(path).then(
		(stats) => stats.isSymbolicLink(),
		() => false,
	);

/**
 * A file that somebody named. Anything but a plain file is refused: a pipe would be waited for without an end.
 * @throws SlipwayError FILE_NOT_PLAIN, and what reading throws (ENOENT)
 */
export const readPlainFile = async (path: string): Promise<Buffer> => {
	const stats = await stat(path).catch(async (cause) => {
		throw (await isDanglingLink(path)) ? toNotPlain(path) : cause;
	});
	if (stats.isFile()) return readFile(path);
	throw toNotPlain(path);
};
