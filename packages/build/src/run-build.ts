import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes, type Release, writeRelease } from '@slipway/archive';
import {
	type Artifact,
	type Context,
	MANIFEST_MEDIA_TYPE,
	type Manifest,
	MEDIA_TYPES,
	SlipwayError,
	STAGE_RECORD_MEDIA_TYPE,
	type StageRecord,
	toPurl,
} from '@slipway/core';
import type { Command } from '@slipway/core/config';
import type { BuildCode } from './code.ts';
import { collectOutputs, type MadeFile } from './collect.ts';
import { type Environment, toBuildEnvironment } from './environment.ts';
import { runCommands } from './run-commands.ts';
import { readSource, type SourceFacts } from './source.ts';

export interface MakeRequest {
	/** Absolute. */
	readonly projectFolder: string;
	readonly version: string;
	/** SOURCE_DATE_EPOCH, seconds since 1970. */
	readonly epoch: number;
}

/** Makes artifacts of one format from the built project: npm tarballs, Debian packages. */
export type Maker = (request: MakeRequest, context: Context) => Promise<readonly MadeFile[]>;

/** Reads what a file is from its own bytes; undefined: not its format. */
export type Reader = (
	fileName: string,
	bytes: Uint8Array,
	context: Context,
) =>
	| Promise<Pick<Artifact, 'purl' | 'mediaType'> | undefined>
	| Pick<Artifact, 'purl' | 'mediaType'>
	| undefined;

export interface BuildRequest {
	readonly projectFolder: string;
	readonly project: string;
	readonly version: string;
	readonly commands: readonly Command[];
	/** Patterns of ready artifacts that the commands make. */
	readonly outputs: readonly string[];
	readonly makers: readonly Maker[];
	readonly readers: readonly Reader[];
	readonly environment: Environment;
	/** Where the Release is written. */
	readonly releaseFolder: string;
	readonly tool: StageRecord['tool'];
}

const identify = async (
	{ fileName, bytes }: MadeFile,
	{ readers, version }: BuildRequest,
	context: Context,
) => {
	for (const read of readers) {
		const identity = await read(fileName, bytes, context);
		if (identity) return identity;
	}
	return { purl: toPurl({ type: 'generic', name: fileName, version }), mediaType: MEDIA_TYPES.file };
};

const toArtifact = async (file: MadeFile, request: BuildRequest, context: Context): Promise<Artifact> => ({
	name: file.fileName,
	path: `artifacts/${file.fileName}`,
	...(await identify(file, request, context)),
	...hashBytes(file.bytes),
});

/** @throws SlipwayError BUILD_NOTHING_BUILT, BUILD_NAME_CLASH */
const checkFiles = (files: readonly MadeFile[]): void => {
	if (files.length === 0) {
		throw new SlipwayError<BuildCode>('BUILD_NOTHING_BUILT', 'expected at least one artifact, got none', {
			hint: 'Add `npm:`, `deb:` or `build: outputs:` to slipway.yml, or a public package.json.',
		});
	}
	const seen = new Map<string, MadeFile>();
	for (const file of files) {
		const other = seen.get(file.fileName.toLowerCase());
		if (other) {
			throw new SlipwayError<BuildCode>(
				'BUILD_NAME_CLASH',
				`two artifacts have the name ${other.fileName} (sha256 ${hashBytes(other.bytes).digest.sha256} and ${hashBytes(file.bytes).digest.sha256})`,
				{
					hint: 'Give each its own file name; names differ in more than case.',
				},
			);
		}
		seen.set(file.fileName.toLowerCase(), file);
	}
};

const make = async (request: BuildRequest, { epoch }: SourceFacts, context: Context): Promise<MadeFile[]> => {
	const { projectFolder, version, makers, outputs, commands, environment } = request;
	if (commands.length === 0)
		context.log.info(
			'no build commands in slipway.yml: packing the folder as it is; no script of package.json runs',
		);
	await runCommands(
		commands,
		{ cwd: projectFolder, environment: toBuildEnvironment(environment, epoch), code: 'BUILD_COMMAND_FAILED' },
		context,
	);
	const files = await collectOutputs(projectFolder, outputs);
	for (const maker of makers) files.push(...(await maker({ projectFolder, version, epoch }, context)));
	checkFiles(files);
	return files.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
};

const toRecord = (
	request: BuildRequest,
	facts: SourceFacts,
	run: { readonly artifacts: readonly Artifact[]; readonly start: number; readonly end: number },
): StageRecord => ({
	mediaType: STAGE_RECORD_MEDIA_TYPE,
	stage: 'build',
	tool: request.tool,
	platform: { os: process.platform, arch: process.arch, node: process.version },
	start: new Date(run.start).toISOString(),
	end: new Date(run.end).toISOString(),
	inputs: [],
	outputs: run.artifacts.map(({ name, digest }) => ({ name, digest })),
	notes: [
		`source ${facts.source.commit ?? 'not under version control'}`,
		`SOURCE_DATE_EPOCH ${facts.epoch} (${facts.epochFrom})`,
		...request.commands.map((command) => `ran ${JSON.stringify(command)}`),
	],
});

/**
 * Builds once: runs the commands, collects and makes the artifacts, names each by its own bytes, and writes the Release.
 * No lifecycle script of a package runs unless a command of slipway.yml starts it.
 * @throws SlipwayError BUILD_*, SOURCE_DATE_INVALID, RELEASE_*, and what makers and readers throw
 */
export const runBuild = async (request: BuildRequest, context: Context): Promise<Release> => {
	const start = context.clock.now();
	const facts = await readSource(request.projectFolder, request.environment, context);
	const made = await make(request, facts, context);
	const artifacts = await Promise.all(made.map((file) => toArtifact(file, request, context)));
	const { project, version } = request;
	const manifest: Manifest = {
		mediaType: MANIFEST_MEDIA_TYPE,
		project,
		version,
		source: facts.source,
		artifacts,
	};
	const folder = join(context.tempDir, `made-${start}`);
	await mkdir(folder, { recursive: true });
	for (const { fileName, bytes } of made) await writeFile(join(folder, fileName), bytes);
	const record = toRecord(request, facts, { artifacts, start, end: context.clock.now() });
	return writeRelease(request.releaseFolder, {
		manifest,
		files: Object.fromEntries(made.map(({ fileName }) => [fileName, join(folder, fileName)])),
		records: [record],
		epoch: facts.epoch,
	});
};
