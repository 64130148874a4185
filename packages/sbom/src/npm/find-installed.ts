import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderFinder } from '../tree/read-installed.ts';

/** A place of package-lock.json is a folder of the tree. */
export const toNpmFinder = (root: string): FolderFinder => {
	const isInstalled = existsSync(join(root, 'node_modules'));
	return ({ id }) => {
		if (!isInstalled && id.startsWith('node_modules/')) return undefined;
		return id.split('/').includes('..') ? undefined : join(root, id);
	};
};
