import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { SlipwayError } from '@slipway/core';
import packlist from 'npm-packlist';
import type { NpmCode } from '../code.ts';
import type { PackageJson } from '../package-json.ts';
import { toPackageTree } from './dependency-tree.ts';
import { findWorkspaceRoot, findWorkspaces } from './workspaces.ts';

const toEscape = (folder: string, what: string): SlipwayError =>
	new SlipwayError<NpmCode>('NPM_FILES_ESCAPE', `expected only files inside ${folder}, got ${what}`, {
		hint: 'Copy what the package needs into its folder; links and `files` must not lead out of it.',
	});

const verifyInside = (folder: string, path: string): void => {
	const real = realpathSync(join(folder, path));
	const root = realpathSync(folder);
	if (real !== join(root, path) && !real.startsWith(root + sep)) throw toEscape(folder, JSON.stringify(path));
};

const verifyPatterns = (folder: string, { files = [] }: PackageJson): void => {
	const outside = files.find((pattern) => pattern.split(/[\\/]/).includes('..'));
	if (outside !== undefined) throw toEscape(folder, `${JSON.stringify(outside.slice(0, 200))} in "files"`);
};

/** Where Slipway keeps releases and journals of the project: no part of it, and another one at each build. */
const isOwn = (path: string): boolean => path.startsWith('.slipway/');

/**
 * The files that `npm pack` takes, but for Slipway's own, in its order, `/`-separated and relative to the package's folder.
 * @param folder absolute
 * @throws SlipwayError NPM_FILES_ESCAPE, NPM_PACK_FAILED
 */
export const listFiles = async (folder: string, packageJson: PackageJson): Promise<readonly string[]> => {
	verifyPatterns(folder, packageJson);
	const workspaces = findWorkspaces(folder);
	const root = findWorkspaceRoot(folder);
	const tree = toPackageTree(
		folder,
		packageJson,
		workspaces.length > 0 ? new Map(workspaces.map((path) => [path, path])) : undefined,
	);
	const options = { path: folder, prefix: root ?? folder, ...(root && { workspaces: [folder] }) };
	// npm's own tree class is far more than npm-packlist reads; PackageTree is that part.
	const listed = await packlist(tree as unknown as Parameters<typeof packlist>[0], options);
	const files = listed.filter((path) => !isOwn(path));
	for (const path of files) verifyInside(folder, path);
	if (!files.includes('package.json'))
		throw new SlipwayError<NpmCode>('NPM_PACK_FAILED', `expected a package.json in ${folder}, found none`, {
			hint: 'Name the folder that holds the package.',
		});
	return files;
};
