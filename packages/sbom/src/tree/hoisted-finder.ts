import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageNode } from '../graph/graph.ts';
import type { FolderFinder } from './read-installed.ts';
import { walkTree } from './walk-tree.ts';

const toKey = ({ name, version }: Pick<PackageNode, 'name' | 'version'>): string => `${name}@${version}`;

const toIndex = (root: string): ReadonlyMap<string, string> => {
	const index = new Map<string, string>();
	if (!existsSync(join(root, 'node_modules'))) return index;
	for (const [place, { name, version, link }] of Object.entries(walkTree(root)))
		if (!link && name !== undefined && version !== undefined)
			index.set(toKey({ name, version }), join(root, place));
	return index;
};

/** Finds packages by name and version, for lockfiles that do not say where they put them. The tree is walked once, when first asked. */
export const toHoistedFinder = (root: string): FolderFinder => {
	const lazy: { index?: ReadonlyMap<string, string> } = {};
	return (node) => {
		if (node.origin === 'workspace') return join(root, node.id);
		lazy.index ??= toIndex(root);
		return lazy.index.get(toKey(node));
	};
};
