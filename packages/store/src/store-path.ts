import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { findPathProblem } from '@slipway/core';
import { invalidPath, isAbsent } from './store-error.ts';

/** Folder in the root of a directory store for its lock and for files that are still being written. Never listed. */
export const PRIVATE_FOLDER = '.slipway-store';

/**
 * Checks the spelling of a path in a store.
 * @throws SlipwayError STORE_PATH_INVALID
 */
export const checkStorePath = (path: string): string => {
	const problem = findPathProblem(path);
	if (problem !== undefined) throw invalidPath(path, problem);
	if (path.split('/')[0]?.toLowerCase() === PRIVATE_FOLDER)
		throw invalidPath(path, `is in ${PRIVATE_FOLDER}, which the store keeps for itself`);
	return path;
};

/**
 * Checks the paths of a write: each is named once.
 * @throws SlipwayError STORE_PATH_INVALID
 */
export const checkChanges = (changes: readonly { readonly path: string }[]): void => {
	const seen = new Set<string>();
	for (const { path } of changes) {
		if (seen.has(checkStorePath(path))) throw invalidPath(path, 'is named twice in one write');
		seen.add(path);
	}
};

/**
 * The place of `path` below `root`, after a look that no symbolic link on the way leads out of it. Guards against links
 * that lie there, not against somebody who changes them at this moment: who can write in the folder owns the store.
 * @throws SlipwayError STORE_PATH_INVALID
 */
export const findPlace = async (root: string, path: string): Promise<string> => {
	const place = join(root, ...path.split('/'));
	const [realRoot, realPlace] = await Promise.all([findReal(root), findReal(place)]);
	if (!isInside(realRoot, realPlace)) throw invalidPath(path, 'leads out of it through a symbolic link');
	return place;
};

const isInside = (root: string, place: string): boolean => {
	const path = relative(root, place);
	return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
};

/** The real path of the deepest folder or file on the way to `place` that exists. */
const findReal = async (place: string): Promise<string> => {
	try {
		return await realpath(place);
	} catch (thrown) {
		if (!isAbsent(thrown) || dirname(place) === place) throw thrown;
		return findReal(dirname(place));
	}
};
