import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { readRelease, readStageRecords } from '@slipway/archive';
import { SlipwayError, toPrintable } from '@slipway/core';

export type ProvedCode =
	/** A part that was tested is not the part that was built. */
	'JOIN_PROVED_CHANGED';

/** What testing and building again add to a Release; everything else stays as the build left it. */
const ADDED: ReadonlySet<string> = new Set(['test', 'reproduce']);

const changed = (path: string, got: string): SlipwayError =>
	new SlipwayError<ProvedCode>(
		'JOIN_PROVED_CHANGED',
		`${toPrintable(path, 200)}: expected what the build left, got ${got}`,
		{
			hint: 'Nothing was joined. Code that ran in the job of the tests may have changed it: look at what is new among tests and their dependencies.',
		},
	);

const listPaths = async (folder: string): Promise<string[]> => {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
};

const countOthers = async (folder: string): Promise<number> => {
	const records = await readStageRecords(await readRelease(folder));
	return records.filter(({ record }) => !ADDED.has(record.stage)).length;
};

/**
 * What a job with tests of the project hands on is what the build job handed to it, with records of tests and of a second build
 * beside it: code of the project ran there and could write anything.
 * @throws SlipwayError JOIN_PROVED_CHANGED, RELEASE_*, MANIFEST_*, STAGE_RECORD_INVALID
 */
export const verifyProved = async (proved: string, built: string): Promise<void> => {
	const kept = new Set(await listPaths(proved));
	for (const path of await listPaths(built)) {
		if (!kept.has(path)) throw changed(path, 'no such file');
		const [one, two] = await Promise.all([built, proved].map((folder) => readFile(join(folder, path))));
		if (one && two && !one.equals(two)) throw changed(path, 'other bytes');
	}
	const more = (await countOthers(proved)) - (await countOthers(built));
	if (more > 0) throw changed('records', `${more} more of other stages`);
};
