import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Half-written files: `name.<id>.tmp` in a folder of a stage, `.name.<id>` at the top. */
const IN_STAGE = new RegExp(`\\.${ID}\\.tmp$`);
const AT_TOP = new RegExp(`^\\..+\\.${ID}$`);
/** After the name of the Release: folders in which it was built or signed. */
const BESIDE = new RegExp(`^-(?:sign-)?${ID}(?:\\.old)?$`);
const STAGE_FOLDERS = ['sbom', 'gate', 'records'];

const listNames = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const findInside = async (folder: string): Promise<string[]> => {
	const found = (await listNames(folder)).filter((name) => AT_TOP.test(name));
	for (const stage of STAGE_FOLDERS)
		found.push(
			...(await listNames(join(folder, stage)))
				.filter((name) => IN_STAGE.test(name))
				.map((name) => join(stage, name)),
		);
	return found.map((path) => join(folder, path));
};

const findBeside = async (folder: string): Promise<string[]> => {
	const start = `.${basename(folder)}`;
	const names = await listNames(dirname(folder));
	return names
		.filter((name) => name.startsWith(start) && BESIDE.test(name.slice(start.length)))
		.map((name) => join(dirname(folder), name));
};

/**
 * Removes what runs that were killed left half-written in a Release folder and beside it: nobody reads it, but what
 * verifies a Release refuses files that belong to nothing. One run at a time works in a Release folder: another that is
 * alive there finds its half-written file gone and fails, and can be run again.
 */
export const removeLeftovers = async (releaseFolder: string): Promise<void> => {
	const folder = resolve(releaseFolder);
	for (const path of [...(await findInside(folder)), ...(await findBeside(folder))])
		await rm(path, { recursive: true, force: true });
};
