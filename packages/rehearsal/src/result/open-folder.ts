import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { RehearsalCode } from '../code.ts';

/** Says that a folder is ours and may be emptied. */
const MARK = '.slipway-rehearsal';

/**
 * Empties the rehearsal's folder, or makes it.
 * @throws SlipwayError REHEARSAL_FOLDER_FOREIGN for a folder with files that no rehearsal has put there
 */
export const openFolder = async (folder: string): Promise<void> => {
	await mkdir(folder, { recursive: true });
	const names = await readdir(folder);
	if (names.length > 0 && !names.includes(MARK))
		throw new SlipwayError<RehearsalCode>(
			'REHEARSAL_FOLDER_FOREIGN',
			`expected ${folder} to be empty or of an earlier rehearsal, got other files`,
			{ hint: 'Name another folder with --out.' },
		);
	const old = names.filter((name) => name !== MARK && name !== 'compile-cache');
	await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
	await writeFile(join(folder, MARK), 'Made by slipway rehearse, which empties this folder each time.\n');
	// Neither git nor npm pack takes it for a part of the project that it may lie in.
	await writeFile(join(folder, '.gitignore'), '*\n');
};
