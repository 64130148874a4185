import { constants, type Dirent } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Project } from './read-project.ts';

/** What a release is never made of. */
const LEFT_OUT = new Set(['.git', '.slipway']);

const copyFolder = async (from: string, to: string, isWanted: (path: string) => boolean): Promise<void> => {
	const entries = await readdir(from, { withFileTypes: true });
	await mkdir(to, { recursive: true });
	const copyEntry = async (entry: Dirent): Promise<void> => {
		const [source, target] = [join(from, entry.name), join(to, entry.name)];
		if (!isWanted(source)) return;
		if (entry.isDirectory()) return copyFolder(source, target, isWanted);
		if (entry.isSymbolicLink()) return symlink(await readlink(source), target);
		// Sockets and devices are left out: nothing that is released is one.
		if (entry.isFile()) await copyFile(source, target, constants.COPYFILE_FICLONE);
	};
	await Promise.all(entries.map(copyEntry));
};

/**
 * Copies a project's files to where they can be built without touching the original; shared blocks where the file system
 * can. node_modules comes along only where the build or the tarball needs it. `outside`: a folder that stays out, in which
 * the copy may lie.
 */
export const copyProject = async (project: Project, target: string, outside: string): Promise<void> => {
	const isWanted = (path: string): boolean => {
		const name = basename(path);
		if (path === outside || LEFT_OUT.has(name)) return false;
		return project.needsModules || name !== 'node_modules';
	};
	await copyFolder(project.folder, target, isWanted);
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
