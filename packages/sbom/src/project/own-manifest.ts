import { basename, join } from 'node:path';
import { parseManifest, type RawManifest } from '../tree/manifest.ts';
import { readPlainFile } from '../tree/read-installed.ts';
import { toEntry } from '../tree/to-entry.ts';

/** The package.json of one of the project's own folders; empty where there is none. */
export const readOwnManifest = (root: string, folder: string): RawManifest => {
	// An importer outside the project (`../other`) is not looked for.
	if (folder.split('/').includes('..')) return {};
	const bytes = readPlainFile(join(root, folder, 'package.json'));
	return (bytes && parseManifest(bytes, 'package.json')) ?? {};
};

/** Name and version of one of the project's own packages; the folder's name where its package.json has none. */
export const readPlainManifest = (
	root: string,
	folder: string,
): { readonly name: string; readonly version: string | undefined } => {
	const manifest = readOwnManifest(root, folder);
	const entry = toEntry({ name: 'project', version: '0.0.0', ...manifest });
	const fallback = basename(folder === '' ? root : folder).replace(/[^\w.~-]/g, '-');
	return {
		name: typeof manifest.name === 'string' && entry?.name ? entry.name : fallback || 'project',
		version: typeof manifest.version === 'string' ? entry?.version : undefined,
	};
};
