import { constants } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Project } from './read-project.ts';

/** What a release is never made of. */
const LEFT_OUT = new Set(['.git', '.slipway']);

/**
 * Copies a project's files to where they can be built without touching the original; shared blocks where the file system
 * can. node_modules comes along only where the build or the tarball needs it. `outside`: a folder that stays out.
 */
export const copyProject = async (project: Project, target: string, outside: string): Promise<void> => {
	const isWanted = (path: string): boolean => {
		if (path === outside || path.startsWith(outside + sep)) return false;
		const segments = relative(project.folder, path).split(sep);
		if (segments.some((segment) => LEFT_OUT.has(segment))) return false;
		return project.needsModules || !segments.includes('node_modules');
	};
	await cp(project.folder, target, {
		recursive: true,
		verbatimSymlinks: true,
		mode: constants.COPYFILE_FICLONE,
		filter: isWanted,
	});
};

/** Gives the packages of a copy other versions: what its package.json files say, and nothing else, changes. */
export const writeVersions = async (
	folder: string,
	versions: readonly { readonly folder: string; readonly version: string }[],
): Promise<void> => {
	for (const change of versions) {
		const path = join(folder, change.folder, 'package.json');
		const json = JSON.parse(await readFile(path, 'utf8'));
		await writeFile(path, `${JSON.stringify({ ...json, version: change.version }, null, 2)}\n`);
	}
};
