import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson, SlipwayError } from '@slipway/core';
import * as v from 'valibot';
import type { JoinCode, OpenProject } from './project.ts';

const PackageJson = v.object({ name: v.optional(v.string()), private: v.optional(v.boolean()) });

const readPackage = async (folder: string): Promise<v.InferOutput<typeof PackageJson> | undefined> => {
	const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
	if (text === undefined) return undefined;
	const json = parseJson(text.replace(/^\uFEFF/, ''), 'package.json');
	return v.is(PackageJson, json) ? json : {};
};

const hasNpmTarget = ({ config }: OpenProject): boolean =>
	Object.values(config.targets).some(({ type }) => type === 'npm');

const findFolders = async (root: string, pattern: string): Promise<string[]> => {
	// node:fs's glob finds nothing for the folder itself.
	if (pattern === '.') return [root];
	const found: string[] = [];
	for await (const path of glob(pattern, { cwd: root, exclude: (name) => name === 'node_modules' }))
		found.push(join(root, path));
	return found.sort();
};

/** @throws SlipwayError PROJECT_NOT_FOUND for a pattern without a package */
const expand = async (root: string, pattern: string): Promise<string[]> => {
	const folders = await findFolders(root, pattern);
	const packages = await Promise.all(
		folders.map(async (folder) => ((await readPackage(folder)) ? folder : undefined)),
	);
	const found = packages.filter((folder) => folder !== undefined);
	if (found.length > 0) return found;
	throw new SlipwayError<JoinCode>(
		'PROJECT_NOT_FOUND',
		`expected a folder with a package.json at ${JSON.stringify(pattern)}, found none`,
		{ hint: 'Correct `npm: packages:` in slipway.yml.' },
	);
};

/**
 * Absolute folders of the npm packages that the project releases: those of slipway.yml, else the project folder where it has
 * a public package.json and a target for it.
 * @throws SlipwayError PROJECT_NOT_FOUND
 */
export const findNpmFolders = async (project: OpenProject): Promise<string[]> => {
	const { config, folder } = project;
	if (config.npm?.packages)
		return [
			...new Set((await Promise.all(config.npm.packages.map((pattern) => expand(folder, pattern)))).flat()),
		];
	if (!config.npm && !hasNpmTarget(project)) return [];
	const own = await readPackage(folder);
	return own && own.private !== true ? [folder] : [];
};

/** Names of the npm packages that the project releases. */
export const readNpmNames = async (project: OpenProject): Promise<string[]> => {
	const packages = await Promise.all((await findNpmFolders(project)).map(readPackage));
	return packages.flatMap((found) => (found?.name === undefined ? [] : [found.name]));
};
