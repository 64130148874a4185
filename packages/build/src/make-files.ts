import { hashBytes, hashBytesOf } from '@slipway/archive';
import {
	Artifact,
	type Context,
	MEDIA_TYPES,
	parseWith,
	SlipwayError,
	toPrintable,
	toPurl,
} from '@slipway/core';
import type { Command } from '@slipway/core/config';
import type { BuildCode } from './code.ts';
import { collectOutputs, type MadeFile } from './collect.ts';
import { type CommandPlace, runCommands } from './run-commands.ts';

export interface MakeRequest {
	/** Absolute. Everything is read from here: it may be a copy of the project. */
	readonly projectFolder: string;
	readonly version: string;
	/** SOURCE_DATE_EPOCH, seconds since 1970. */
	readonly epoch: number;
}

/** Makes artifacts of one format from the built project: npm tarballs, Debian packages. */
export type Maker = (request: MakeRequest, context: Context) => Promise<readonly MadeFile[]>;

type Identity = Pick<Artifact, 'purl' | 'mediaType'>;

/** Reads what a file is from its own bytes; undefined: not its format. */
export type Reader = (
	fileName: string,
	bytes: Uint8Array,
	context: Context,
) => Promise<Identity | undefined> | Identity | undefined;

/** What is made of a project folder, and by whom. */
export interface Recipe {
	readonly commands: readonly Command[];
	/** Patterns of ready artifacts that the commands make. */
	readonly outputs: readonly string[];
	readonly makers: readonly Maker[];
}

const checkNames = (files: readonly MadeFile[]): void => {
	const seen = new Map<string, MadeFile>();
	for (const file of files) {
		parseWith(Artifact.entries.name, file.fileName, {
			code: 'BUILD_NAME_INVALID' satisfies BuildCode,
			what: `the artifact name ${JSON.stringify(toPrintable(file.fileName, 200))}`,
			hint: 'Rename what the build writes: the name is published as it is.',
		});
		const other = seen.get(file.fileName.toLowerCase());
		if (other) {
			const [one, two] = [other, file].map(
				({ fileName, bytes }) => `${fileName} (sha256 ${hashBytes(bytes).digest.sha256})`,
			);
			throw new SlipwayError<BuildCode>(
				'BUILD_NAME_CLASH',
				`two artifacts have one name: ${one} and ${two}`,
				{
					hint: 'Give each its own file name; names differ in more than case.',
				},
			);
		}
		seen.set(file.fileName.toLowerCase(), file);
	}
};

/**
 * Runs the commands in a project folder, then collects and makes its artifacts, sorted by name.
 * @throws SlipwayError BUILD_*, and what makers throw
 */
export const makeFiles = async (
	{ commands, outputs, makers }: Recipe,
	request: MakeRequest & Pick<CommandPlace, 'environment' | 'wrap'>,
	context: Context,
): Promise<readonly MadeFile[]> => {
	const { projectFolder, version, epoch, ...place } = request;
	await runCommands(commands, { ...place, cwd: projectFolder, code: 'BUILD_COMMAND_FAILED' }, context);
	const files = await collectOutputs(projectFolder, outputs);
	for (const maker of makers) {
		context.signal.throwIfAborted();
		files.push(...(await maker({ projectFolder, version, epoch }, context)));
	}
	if (files.length === 0) {
		throw new SlipwayError<BuildCode>('BUILD_NOTHING_BUILT', 'expected at least one artifact, got none', {
			hint: 'Add `npm:`, `deb:` or `build: outputs:` to slipway.yml, or a public package.json.',
		});
	}
	checkNames(files);
	return files.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
};

/** What an artifact is, by its own bytes; a file of no known format is a generic package of the release's version. */
export const toArtifact = async (
	{ fileName, bytes }: MadeFile,
	{ readers, version }: { readonly readers: readonly Reader[]; readonly version: string },
	context: Context,
): Promise<Artifact> => {
	let identity: Identity | undefined;
	for (const read of readers) identity ??= await read(fileName, bytes, context);
	identity ??= { purl: toPurl({ type: 'generic', name: fileName, version }), mediaType: MEDIA_TYPES.file };
	const { purl, mediaType } = identity;
	// npm names a file by its sha512 as well.
	const hashed = hashBytesOf({ bytes, sha512: mediaType === MEDIA_TYPES.npm });
	return { name: fileName, path: `artifacts/${fileName}`, purl, mediaType, ...hashed };
};
