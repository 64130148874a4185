import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Release, readRelease } from '@slipway/archive';
import {
	type BuildRequest,
	joinReleases,
	type Maker,
	type Reader,
	type Reproduction,
	reproduce,
	runBuild,
	testArtifacts,
} from '@slipway/build';
import { type Context, parseJson, SlipwayError, StageRecord } from '@slipway/core';
import * as v from 'valibot';
import { findNpmFolders } from './npm-packages.ts';
import type { OpenProject } from './project.ts';
import { TOOL } from './tool.ts';

export type JoinBuildCode = 'JOIN_OTHER_PROJECT';

const toNpmMaker =
	(project: OpenProject): Maker =>
	async ({ epoch, projectFolder }) => {
		const { packNpm } = await import('@slipway/npm');
		const folders = await findNpmFolders({ ...project, folder: projectFolder });
		return Promise.all(folders.map((folder) => packNpm(folder, { epoch })));
	};

const toDebMaker =
	({ config }: OpenProject): Maker =>
	async ({ version, epoch, projectFolder }, context) => {
		if (config.deb.length === 0) return [];
		const { makeDeb } = await import('@slipway/deb');
		return Promise.all(
			config.deb.map((definition) =>
				makeDeb({ definition, projectFolder, version, sourceDateEpoch: epoch }, context),
			),
		);
	};

const readNpm: Reader = async (fileName, bytes) => {
	if (!/\.(tgz|tar\.gz)$/.test(fileName)) return undefined;
	const { npmIdentity } = await import('@slipway/npm');
	return npmIdentity(fileName, bytes);
};

const readDeb: Reader = async (fileName, bytes) => {
	if (!fileName.endsWith('.deb')) return undefined;
	const { debIdentity } = await import('@slipway/deb');
	return debIdentity(fileName, bytes);
};

const unpackDeb = async (bytes: Uint8Array, folder: string): Promise<void> => {
	const deb = await import('@slipway/deb');
	await deb.unpackDeb(bytes, folder);
};

const toBuildRequest = (project: OpenProject): BuildRequest => ({
	projectFolder: project.folder,
	project: project.project,
	version: project.version,
	commands: project.config.build.commands,
	outputs: project.config.build.outputs,
	makers: [toNpmMaker(project), toDebMaker(project)],
	readers: [readNpm, readDeb],
	environment: project.door.environment,
	releaseFolder: project.releaseFolder,
	tool: TOOL,
});

/** True where a Release folder lies already. */
export const isBuilt = async ({ releaseFolder }: OpenProject): Promise<boolean> =>
	access(join(releaseFolder, 'manifest.json')).then(
		() => true,
		() => false,
	);

/** What is kept below the project is nobody's to commit; who has other rules for it keeps them. */
const hideOwnFolder = async ({ folder, door }: OpenProject): Promise<void> => {
	if (door.releaseFolder !== undefined) return;
	await writeFile(join(folder, '.slipway', '.gitignore'), '*\n', { flag: 'wx' }).catch(
		(thrown: NodeJS.ErrnoException) => {
			if (thrown.code !== 'EEXIST') throw thrown;
		},
	);
};

/**
 * Builds once, tests what was built in a clean folder, and leaves the Release folder. A failed test leaves it too, unpublished.
 * @throws SlipwayError BUILD_*, TEST_*, and what makers throw
 */
export const buildProject = async (
	project: OpenProject,
	context: Context,
	{ test = true }: { readonly test?: boolean } = {},
): Promise<Release> => {
	const release = await runBuild(toBuildRequest(project), context);
	await hideOwnFolder(project);
	if (test) await testProject(project, release, context);
	return release;
};

/** Runs the `test:` commands on what was built. @throws SlipwayError TEST_* */
export const testProject = async (
	project: OpenProject,
	release: Release,
	context: Context,
): Promise<void> => {
	const { config, door } = project;
	await testArtifacts(
		{ release, commands: config.test, environment: door.environment, unpackDeb, tool: TOOL },
		context,
	);
};

const toDigests = (files: readonly { readonly digest: { readonly sha256: string } }[]): string =>
	files
		.map(({ digest }) => digest.sha256)
		.sort()
		.join(' ');

/** True when a record says that the tests have passed on exactly these bytes, on this or another platform. */
export const isTested = async (
	{ config, releaseFolder }: OpenProject,
	{ manifest }: Release,
): Promise<boolean> => {
	if (config.test.length === 0) return true;
	const names = await readdir(join(releaseFolder, 'records')).catch(() => []);
	for (const name of names.filter((name) => name.startsWith('test-'))) {
		const text = await readFile(join(releaseFolder, 'records', name));
		const record = v.safeParse(StageRecord, parseJson(text, name));
		if (record.success && toDigests(record.output.inputs) === toDigests(manifest.artifacts)) return true;
	}
	return false;
};

/** Builds a second time in a varied environment and compares byte for byte with the Release folder. */
export const reproduceProject = async (project: OpenProject, context: Context): Promise<Reproduction> =>
	reproduce(toBuildRequest(project), context);

/** @throws SlipwayError JOIN_OTHER_PROJECT: what is joined is not what this project's folder says that it is */
const verifyOwn = ({ manifest, folder }: Release, { project, version }: OpenProject): void => {
	if (manifest.project === project && manifest.version === version) return;
	throw new SlipwayError<JoinBuildCode>(
		'JOIN_OTHER_PROJECT',
		`expected Releases of ${project} ${version}, got ${manifest.project} ${manifest.version} in ${folder}`,
		{ hint: 'Join what was built from this very commit: check out the same ref in every job.' },
	);
};

/**
 * Joins the Release folders of several runners into the project's Release folder.
 * @throws SlipwayError JOIN_OTHER_PROJECT, BUILD_JOIN_CLASH, RELEASE_*
 */
export const joinProjects = async (project: OpenProject, folders: readonly string[]): Promise<Release> => {
	const parts = folders.map((folder) => resolve(folder));
	for (const part of parts) verifyOwn(await readRelease(part), project);
	return joinReleases(parts, project.releaseFolder);
};
