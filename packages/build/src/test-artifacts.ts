import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Release, readArtifact, readArtifactPath, writeStage } from '@slipway/archive';
import { type Artifact, type Context, MEDIA_TYPES, SlipwayError, type StageRecord } from '@slipway/core';
import type { Command } from '@slipway/core/config';
import { findNpmCli, run } from '@slipway/process';
import type { BuildCode } from './code.ts';
import { type Environment, toBuildEnvironment } from './environment.ts';
import { runCommands } from './run-commands.ts';

export interface TestRequest {
	readonly release: Release;
	readonly commands: readonly Command[];
	readonly environment: Environment;
	/** Puts what a .deb installs below an empty folder, without running anything of it. */
	readonly unpackDeb: (bytes: Uint8Array, folder: string, context: Context) => Promise<void>;
	/** Whoever tests, for the StageRecord in the Release; none is written where it is left out. */
	readonly tool?: StageRecord['tool'];
}

const byType = ({ manifest }: Release, mediaType: string): Artifact[] =>
	manifest.artifacts.filter((artifact) => artifact.mediaType === mediaType);

const installNpm = async (
	{ release, environment }: TestRequest,
	folder: string,
	context: Context,
): Promise<string[]> => {
	const artifacts = byType(release, MEDIA_TYPES.npm);
	if (artifacts.length === 0) return [];
	const files = await Promise.all(artifacts.map((artifact) => readArtifactPath(release.folder, artifact)));
	await writeFile(join(folder, 'package.json'), '{"name":"clean","private":true}\n');
	const options = [
		'--ignore-scripts',
		'--no-audit',
		'--no-fund',
		'--no-package-lock',
		'--prefer-offline',
		'--loglevel=error',
	];
	const { code, stderr } = await run([...findNpmCli(environment), 'install', ...options, '--', ...files], {
		cwd: folder,
		environment: toBuildEnvironment(environment, 0),
		signal: context.signal,
	});
	if (code === 0) return [join(folder, 'node_modules', '.bin')];
	throw new SlipwayError<BuildCode>(
		'TEST_INSTALL_FAILED',
		`npm could not install the built tarballs into a clean folder:\n${stderr.trim().slice(-2000)}`,
		{
			hint: 'Look at dependencies in package.json and at the registry of the npm configuration. Nothing was published.',
		},
	);
};

const installDebs = async (
	{ release, unpackDeb }: TestRequest,
	folder: string,
	context: Context,
): Promise<string[]> => {
	const paths: string[] = [];
	for (const [index, artifact] of byType(release, MEDIA_TYPES.deb).entries()) {
		const root = join(folder, `deb-${index}`);
		await mkdir(root);
		await unpackDeb(await readArtifact(release.folder, artifact), root, context);
		paths.push(...['usr/bin', 'usr/sbin', 'usr/games', 'bin', 'sbin'].map((path) => join(root, path)));
	}
	return paths;
};

const writeRecord = async (
	{ release, commands, tool }: TestRequest,
	start: number,
	end: number,
): Promise<void> => {
	if (!tool) return;
	const notes = commands.map((command) => `ran ${JSON.stringify(command)}`);
	const inputs = release.manifest.artifacts;
	await writeStage(release, 'test', { tool, start, end, inputs, notes });
};

/**
 * Runs the test commands in a clean folder into which the built artifacts are installed: tarballs by npm (scripts off),
 * .debs unpacked, their commands first on the PATH. These bytes go to every later stage.
 * @throws SlipwayError TEST_COMMAND_FAILED, TEST_INSTALL_FAILED, RELEASE_*
 */
export const testArtifacts = async (request: TestRequest, context: Context): Promise<void> => {
	const { commands, environment } = request;
	if (commands.length === 0) {
		context.log.info(
			'no test commands in slipway.yml: the artifacts are released without a test of their own',
		);
		return;
	}
	const start = context.clock.now();
	const folder = await mkdtemp(join(context.tempDir, 'test-'));
	try {
		const npmPaths = await installNpm(request, folder, context);
		const debPaths = await installDebs(request, folder, context);
		const path = [...npmPaths, ...debPaths, environment.PATH ?? environment.Path ?? ''].join(delimiter);
		const clean = toBuildEnvironment({ ...environment, PATH: path }, 0);
		await runCommands(commands, { cwd: folder, environment: clean, code: 'TEST_COMMAND_FAILED' }, context);
		await writeRecord(request, start, context.clock.now());
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
