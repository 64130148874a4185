import { glob, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { findVersionProblem, parseJson, SlipwayError } from '@slipway/core';
import { Config, parseConfig } from '@slipway/core/config';
import * as v from 'valibot';
import type { RehearsalCode } from '../code.ts';
import { readRepository } from '../trust/repository.ts';
import { checkPackageName, checkProjectName } from './package-name.ts';

const PackageJson = v.object({
	name: v.optional(v.string()),
	version: v.optional(v.string()),
	private: v.optional(v.boolean()),
	bundleDependencies: v.optional(v.unknown()),
	bundledDependencies: v.optional(v.unknown()),
});

/** A package.json that goes to npm. */
export interface NpmPackage {
	readonly name: string;
	readonly version: string;
	/** Its folder in the project, `.` for the project's own. */
	readonly folder: string;
}

/** A project to rehearse, read once. */
export interface Project {
	readonly folder: string;
	readonly name: string;
	readonly version: string;
	readonly config: Config;
	readonly npmPackages: readonly NpmPackage[];
	/** Its build or its tarball needs the node_modules beside package.json. */
	readonly needsModules: boolean;
}

const invalid = (message: string, hint: string): SlipwayError =>
	new SlipwayError<RehearsalCode>('REHEARSAL_PROJECT_INVALID', message, { hint });

const readIfThere = async (path: string): Promise<string | undefined> => {
	try {
		return await readFile(path, 'utf8');
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw cause;
	}
};

const readPackageJson = async (folder: string): Promise<v.InferOutput<typeof PackageJson> | undefined> => {
	const text = await readIfThere(join(folder, 'package.json'));
	if (text === undefined) return undefined;
	const json = parseJson(text, join(folder, 'package.json'));
	if (!v.is(PackageJson, json)) return {};
	if (json.name) checkPackageName(json.name, join(folder, 'package.json'));
	return json;
};

const findFolders = async (folder: string, patterns: readonly string[]): Promise<readonly string[]> => {
	const found: string[] = [];
	const options = { cwd: folder, exclude: (name: string) => name === 'node_modules' };
	for await (const path of glob([...patterns], options)) found.push(path.replaceAll('\\', '/'));
	return found.sort();
};

const readNpmPackages = async (folder: string, config: Config): Promise<readonly NpmPackage[]> => {
	const patterns = config.npm?.packages;
	const folders = patterns === undefined ? ['.'] : await findFolders(folder, patterns);
	const found = await Promise.all(
		folders.map(async (path) => ({ path, json: await readPackageJson(join(folder, path)) })),
	);
	return found.flatMap(({ path, json }) =>
		json?.name && json.version && !json.private
			? [{ name: json.name, version: json.version, folder: path }]
			: [],
	);
};

/** Targets at GitHub name their repository from here on: the one that the packages name, or a made-up one. */
const withRepositories = async (project: Project): Promise<Project> => {
	const { name: repository } = await readRepository(project);
	const targets = Object.entries(project.config.targets).map(
		([id, target]) => [id, target.type === 'github' ? { repository, ...target } : target] as const,
	);
	return { ...project, config: { ...project.config, targets: Object.fromEntries(targets) } };
};

const withDefaultTarget = (config: Config, npmPackages: readonly NpmPackage[]): Config =>
	Object.keys(config.targets).length > 0 || npmPackages.length === 0
		? config
		: { ...config, targets: v.parse(Config, { targets: { npm: { type: 'npm' } } }).targets };

/**
 * Reads slipway.yml (where there is one) and the package.json files of a project.
 * @throws SlipwayError REHEARSAL_PROJECT_INVALID, CONFIG_*, JSON_*
 */
export const readProject = async (path: string): Promise<Project> => {
	const folder = resolve(path);
	const [text, json] = await Promise.all([readIfThere(join(folder, 'slipway.yml')), readPackageJson(folder)]);
	if (text === undefined && json === undefined)
		throw invalid(
			`expected slipway.yml or package.json in ${folder}, got neither`,
			'Name the folder of a project.',
		);
	const written = parseConfig(text ?? '{}', join(folder, 'slipway.yml'));
	const npmPackages = await readNpmPackages(folder, written);
	const config = withDefaultTarget(written, npmPackages);
	if (Object.keys(config.targets).length === 0)
		throw invalid(
			`${folder} names no target, and has no public npm package`,
			'Add `targets:` to slipway.yml.',
		);
	const version = config.version ?? json?.version ?? '';
	const problem = findVersionProblem(version);
	if (problem) throw invalid(`${folder}: ${problem}`, 'Set `version` in slipway.yml or package.json.');
	const name = config.project ?? json?.name?.replace(/^@[^/]+\//, '') ?? basename(folder);
	checkProjectName(name, folder);
	const bundles = json?.bundleDependencies !== undefined || json?.bundledDependencies !== undefined;
	const needsModules = bundles || config.build.commands.length > 0;
	return withRepositories({ folder, name, version, config, npmPackages, needsModules });
};
