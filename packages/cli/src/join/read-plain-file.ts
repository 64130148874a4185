import { readFile, stat } from 'node:fs/promises';
import { SlipwayError, toPrintable } from '@slipway/core';
import type { JoinCode } from './project.ts';

/**
 * A file that somebody named. Anything but a plain file is refused: a pipe would be waited for without an end.
 * @throws SlipwayError FILE_NOT_PLAIN, and what reading throws (ENOENT)
 */
export const readPlainFile = async (path: string): Promise<Buffer> => {
	if ((await stat(path)).isFile()) return readFile(path);
	throw new SlipwayError<JoinCode>('FILE_NOT_PLAIN', `expected a plain file, got ${toPrintable(path, 300)}`, {
		hint: 'Name a file, not a folder, a pipe or a device.',
	});
};
