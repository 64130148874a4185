import { join } from 'node:path';
import type { FolderFinder } from '../tree/read-installed.ts';

/** A place of package-lock.json is a folder of the tree. */
export const toNpmFinder =
	(root: string): FolderFinder =>
	({ id }) =>
		id.split('/').includes('..') ? undefined : join(root, id);
