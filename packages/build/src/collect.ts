import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { verifyArchiveFile } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import { glob } from 'tinyglobby';
import type { BuildCode } from './code.ts';

/** One file to publish, before anything is known of it. */
export interface MadeFile {
	/** The name under which it is published. */
	readonly fileName: string;
	readonly bytes: Uint8Array;
}

const find = async (folder: string, pattern: string): Promise<string[]> => {
	const found = await glob(pattern, {
		cwd: folder,
		dot: true,
		onlyFiles: true,
		followSymbolicLinks: false,
		ignore: ['**/node_modules/**', '.slipway/**'],
	});
	if (found.length > 0) return found.sort();
	throw new SlipwayError<BuildCode>(
		'BUILD_OUTPUT_MISSING',
		`expected a file that matches ${JSON.stringify(pattern)} after the build, found none`,
		{
			hint: 'Correct `build: outputs:` in slipway.yml, or let a build command write the file.',
		},
	);
};

/** A large package is looked through before it is held in memory; what its reader allows is allowed here. */
const readOutput = async (path: string): Promise<MadeFile> => {
	const fileName = basename(path);
	if (fileName.endsWith('.tgz')) await verifyArchiveFile(path);
	if (fileName.endsWith('.deb')) await verifyArchiveFile(path, { maxEntries: 200_000, absoluteLinks: true });
	return { fileName, bytes: await readFile(path) };
};

/**
 * The files that patterns name, each once, in the order of their paths.
 * @throws SlipwayError BUILD_OUTPUT_MISSING for a pattern without a file, ARCHIVE_*
 */
export const collectOutputs = async (folder: string, patterns: readonly string[]): Promise<MadeFile[]> => {
	const found = await Promise.all(patterns.map((pattern) => find(folder, pattern)));
	const paths = [...new Set(found.flat())].sort();
	return Promise.all(paths.map((path) => readOutput(join(folder, path))));
};
