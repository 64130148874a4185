import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseJson } from '@slipway/core';
import * as v from 'valibot';
import { openGit } from '../join/git.ts';
import { toRepository } from './facts/words.ts';
import { type Library, PLACEHOLDER, toLibrary } from './library.ts';

/** Of this package: where it was published from, filled in when it is packed. */
const OwnPackage = v.object({
	version: v.string(),
	slipway: v.optional(v.object({ repository: v.string(), commit: v.string(), version: v.string() })),
});

/** The folder of this package: the nearest one above that has a package.json. */
const findOwnFolder = async (folder: string): Promise<string> => {
	const found = await access(join(folder, 'package.json')).then(
		() => true,
		() => false,
	);
	return found || dirname(folder) === folder ? folder : findOwnFolder(dirname(folder));
};

/** A checkout of the library itself: its origin at the commit that is checked out. */
const findClone = async (
	folder: string,
	version: string,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<Library | undefined> => {
	const git = openGit(folder, environment);
	if (git === undefined || (await git.ask('ls-files', '--error-unmatch', 'package.json')) === undefined)
		return undefined;
	const [origin, commit, tag] = await Promise.all([
		git.ask('remote', 'get-url', 'origin'),
		git.ask('rev-parse', 'HEAD'),
		git.ask('describe', '--tags', '--exact-match', '--match', 'v[0-9]*'),
	]);
	return toLibrary(toRepository(origin), commit, tag ?? version);
};

/**
 * The library that this command belongs to: as the published package names it, else the clone that it runs from, else a
 * placeholder.
 */
export const findLibrary = async (
	environment: Readonly<Record<string, string | undefined>>,
): Promise<Library> => {
	const folder = await findOwnFolder(dirname(fileURLToPath(import.meta.url)));
	const own = v.parse(
		OwnPackage,
		parseJson(await readFile(join(folder, 'package.json')), 'package.json of slipway'),
	);
	const published = own.slipway && toLibrary(own.slipway.repository, own.slipway.commit, own.slipway.version);
	return published ?? (await findClone(folder, own.version, environment)) ?? PLACEHOLDER;
};
