import { globSync } from 'node:fs';
import { sep } from 'node:path';
import type { DependencyKind } from '../model/sbom.ts';
import { readOwnManifest, readPlainManifest } from '../project/own-manifest.ts';
import { type RawManifest, toRanges } from '../tree/manifest.ts';

/** One of the project's own packages, as its package.json tells. */
export interface Importer {
	/** Relative to yarn.lock; "" is its own folder. */
	readonly folder: string;
	readonly name: string;
	readonly version: string | undefined;
	readonly dependencies: readonly {
		readonly name: string;
		readonly range: string;
		readonly kind: DependencyKind;
	}[];
}

const MAX_PATTERNS = 100;

const toPatterns = ({ workspaces }: RawManifest): string[] => {
	const list = Array.isArray(workspaces)
		? workspaces
		: (workspaces as { packages?: unknown } | undefined)?.packages;
	const patterns = Array.isArray(list) ? list.filter((pattern) => typeof pattern === 'string') : [];
	return patterns
		.filter((pattern) => !pattern.startsWith('/') && !pattern.includes('..'))
		.slice(0, MAX_PATTERNS);
};

const listFolders = (root: string, manifest: RawManifest): string[] => {
	const found = toPatterns(manifest).flatMap((pattern) =>
		globSync(`${pattern.replace(/\/$/, '')}/package.json`, {
			cwd: root,
			exclude: (name) => name === 'node_modules',
		}).map((path) => path.split(sep).slice(0, -1).join('/')),
	);
	return ['', ...[...new Set(found)].sort()];
};

const toImporter = (root: string, folder: string): Importer => {
	const manifest = readOwnManifest(root, folder);
	const optional = toRanges(manifest.optionalDependencies);
	const list = (ranges: Readonly<Record<string, string>>, kind: DependencyKind) =>
		Object.entries(ranges).map(([name, range]) => ({ name, range, kind }));
	return {
		folder,
		...readPlainManifest(root, folder),
		dependencies: [
			...list(toRanges(manifest.dependencies), 'runtime').filter(
				({ name }) => !Object.hasOwn(optional, name),
			),
			...list(optional, 'optional'),
			...list(toRanges(manifest.devDependencies), 'development'),
		],
	};
};

/** The project's own packages: the folder of yarn.lock and its workspaces. yarn.lock itself does not tell what they ask for. */
export const readImporters = (root: string): readonly Importer[] =>
	listFolders(root, readOwnManifest(root, '')).map((folder) => toImporter(root, folder));
