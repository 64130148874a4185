import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Release, toStageRecord, writeRelease } from '@slipway/archive';
import { type Artifact, type Context, MANIFEST_MEDIA_TYPE, type StageRecord } from '@slipway/core';
import { type Environment, toBuildEnvironment } from './environment.ts';
import { makeFiles, type Reader, type Recipe, toArtifact } from './make-files.ts';
import { readSource, type SourceFacts } from './source.ts';

export interface BuildRequest extends Recipe {
	/** Absolute. */
	readonly projectFolder: string;
	readonly project: string;
	readonly version: string;
	readonly readers: readonly Reader[];
	readonly environment: Environment;
	/** Where the Release is written. */
	readonly releaseFolder: string;
	readonly tool: StageRecord['tool'];
}

const toNotes = ({ commands }: BuildRequest, { source, epoch, epochFrom, dirty }: SourceFacts): string[] => [
	`source ${source.commit ?? 'not under version control'}${dirty ? ', with changes that are not committed' : ''}`,
	`SOURCE_DATE_EPOCH ${epoch} (${epochFrom})`,
	...(commands.length === 0 ? ['no commands: packed as it was'] : []),
	...commands.map((command) => `ran ${JSON.stringify(command)}`),
];

/** One file of each artifact in a folder of this run, for the time of the task. */
const withFiles = async <T>(
	made: readonly { readonly fileName: string; readonly bytes: Uint8Array }[],
	{ tempDir }: Context,
	task: (files: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> => {
	const folder = await mkdtemp(join(tempDir, 'made-'));
	try {
		for (const { fileName, bytes } of made) await writeFile(join(folder, fileName), bytes);
		return await task(Object.fromEntries(made.map(({ fileName }) => [fileName, join(folder, fileName)])));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

/**
 * Builds once: runs the commands, collects and makes the artifacts, names each by its own bytes, and writes the Release.
 * No lifecycle script of a package runs unless a command of slipway.yml starts it.
 * @throws SlipwayError BUILD_*, SOURCE_DATE_INVALID, RELEASE_*, and what makers and readers throw
 */
export const runBuild = async (request: BuildRequest, context: Context): Promise<Release> => {
	const { projectFolder, project, version, tool, commands, releaseFolder } = request;
	const start = context.clock.now();
	const facts = await readSource(projectFolder, request.environment, context);
	const { epoch, source } = facts;
	if (commands.length === 0) {
		context.log.info(
			'no build commands in slipway.yml: packing the folder as it is; no script of package.json runs',
		);
	}
	const environment = toBuildEnvironment(request.environment, epoch);
	const made = await makeFiles(request, { projectFolder, version, epoch, environment }, context);
	const artifacts: Artifact[] = [];
	for (const file of made) artifacts.push(await toArtifact(file, request, context));
	const end = context.clock.now();
	const record = toStageRecord('build', {
		tool,
		start,
		end,
		outputs: artifacts,
		notes: toNotes(request, facts),
	});
	const manifest = { mediaType: MANIFEST_MEDIA_TYPE, project, version, source, artifacts } as const;
	context.signal.throwIfAborted();
	return withFiles(made, context, (files) =>
		writeRelease(releaseFolder, { manifest: { ...manifest }, files, records: [record], epoch }),
	);
};
