import { constants, existsSync } from 'node:fs';
import { copyFile, cp, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Context } from '@slipway/core';
import { findExecutable, run } from '@slipway/process';
import type { Environment } from '../environment.ts';

export interface CopyRequest {
	readonly from: string;
	readonly to: string;
	/** Folders that are no part of the project: the Release itself. */
	readonly without: readonly string[];
	/** Milliseconds since 1970: files written since, but for those that git tracks, are results of the first build. */
	readonly builtSince: number;
	readonly environment: Environment;
}

/** Always copied where they are, ignored or not: the history and installed dependencies. */
const WHOLE = new Set(['.git', 'node_modules']);
/** Where Slipway itself keeps journals, releases and rehearsals. */
const OWN = '.slipway';

/** What git tracks, and, apart from it, what it neither tracks nor ignores; undefined where git cannot say. */
const listByGit = async (
	{ from, environment }: CopyRequest,
	{ signal }: Context,
): Promise<{ readonly tracked: readonly string[]; readonly others: readonly string[] } | undefined> => {
	const git = findExecutable('git', environment.PATH);
	if (!git) return undefined;
	const list = async (...options: string[]): Promise<string[] | undefined> => {
		const { code, stdout } = await run([git, '-C', from, 'ls-files', '-z', ...options], {
			cwd: from,
			environment: { PATH: environment.PATH, HOME: environment.HOME, LC_ALL: 'C.UTF-8' },
			maxOutputBytes: 256 * 1024 * 1024,
			signal,
		});
		return code === 0 ? [...new Set(stdout.split('\0').filter((path) => path !== ''))] : undefined;
	};
	const tracked = await list('--cached');
	const others = await list('--others', '--exclude-standard');
	return tracked && others ? { tracked, others } : undefined;
};

const isBelow = (path: string, folder: string): boolean => !relative(folder, path).startsWith('..');

/** Folders of Slipway's own, and those that the caller names. */
const isApart = ({ from, without }: CopyRequest, path: string): boolean =>
	path.split(/[\\/]/).includes(OWN) || without.some((other) => isBelow(resolve(from, path), other));

/** Every file of a folder, and the folders that are copied whole. */
const walk = async (request: CopyRequest, folder = ''): Promise<{ files: string[]; whole: string[] }> => {
	const files: string[] = [];
	const whole: string[] = [];
	for (const entry of await readdir(join(request.from, folder), { withFileTypes: true })) {
		const path = join(folder, entry.name);
		if (isApart(request, path)) continue;
		if (WHOLE.has(entry.name)) whole.push(path);
		else if (entry.isDirectory()) {
			const inside = await walk(request, path);
			files.push(...inside.files);
			whole.push(...inside.whole);
		} else files.push(path);
	}
	return { files, whole };
};

const isOlder = async (path: string, time: number): Promise<boolean> =>
	lstat(path).then(
		({ mtimeMs }) => mtimeMs < time,
		() => false,
	);

/** What the first build started from, as far as can be known. */
const listSources = async (
	request: CopyRequest,
	walked: readonly string[],
	context: Context,
): Promise<readonly string[]> => {
	const listed = await listByGit(request, context);
	const sources = new Set(listed?.tracked);
	for (const path of listed?.others ?? walked)
		if (await isOlder(join(request.from, path), request.builtSince)) sources.add(path);
	return [...sources].filter(
		(path) => !isApart(request, path) && !path.split('/').some((name) => WHOLE.has(name)),
	);
};

const copyOne = async (from: string, to: string): Promise<void> => {
	const stats = await lstat(from).catch(() => undefined);
	// deleted but still tracked, a submodule, or nothing that can be copied
	if (!stats?.isFile() && !stats?.isSymbolicLink()) return;
	await mkdir(dirname(to), { recursive: true });
	if (stats.isSymbolicLink()) await symlink(await readlink(from), to);
	else await copyFile(from, to, constants.COPYFILE_FICLONE);
};

const reverse = (paths: readonly string[]): readonly string[] => [...paths].sort().reverse();

/**
 * Copies a project without what the first build made: what git tracks, and what it does not ignore (without git: all)
 * as far as it is older than the build. `.git` and `node_modules` come along. Files are made in reverse order, with new times.
 */
export const copyProject = async (request: CopyRequest, context: Context): Promise<void> => {
	const { from, to } = request;
	const walked = await walk(request);
	const sources = await listSources(request, walked.files, context);
	const options = { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE };
	await mkdir(to, { recursive: true });
	for (const path of reverse(walked.whole)) await cp(join(from, path), join(to, path), options);
	for (const path of reverse(sources)) {
		context.signal.throwIfAborted();
		await copyOne(join(from, path), join(to, path));
	}
};

/**
 * In a workspace, dependencies lie in a folder above the project, where resolution finds them: a link to the nearest
 * such folder stands above the copy.
 */
export const linkDependencies = async (project: string, above: string): Promise<void> => {
	let folder = dirname(project);
	while (!existsSync(join(folder, 'node_modules'))) {
		if (dirname(folder) === folder) return;
		folder = dirname(folder);
	}
	await symlink(join(folder, 'node_modules'), join(above, 'node_modules'), 'junction');
};
