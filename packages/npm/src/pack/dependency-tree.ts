import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type PackageJson, toBin, toBundled } from '../package-json.ts';

/** What npm-packlist reads of a package: the part of npm's dependency tree that bundling needs. */
export interface PackageTree {
	readonly path: string;
	readonly package: object;
	readonly isProjectRoot: boolean;
	readonly workspaces?: ReadonlyMap<string, string>;
	/** Resolved only when asked for: most packages bundle nothing. */
	readonly edgesOut: { get(name: string): Edge | undefined };
}

interface Edge {
	readonly to: { readonly path: string; readonly isLink: boolean; readonly target: PackageTree } | null;
	readonly peer: boolean;
	readonly dev: boolean;
}

const isFolder = (path: string): boolean =>
	lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true ||
	lstatSync(join(path, 'package.json'), { throwIfNoEntry: false })?.isFile() === true;

/** Node's lookup, but never above the project folder: what lies outside is no part of it. */
const findDependency = (name: string, from: string, root: string): string | undefined => {
	for (let folder = from; !relative(root, folder).startsWith('..'); folder = dirname(folder)) {
		const path = join(folder, 'node_modules', ...name.split('/'));
		if (isFolder(path)) return path;
		if (folder === root) return undefined;
	}
	return undefined;
};

const toNode = (path: string, root: string) => {
	const real = realpathSync(path);
	const isLink = real !== join(realpathSync(dirname(path)), path.slice(path.lastIndexOf(sep) + 1));
	const packageJson = JSON.parse(readFileSync(join(real, 'package.json'), 'utf8')) as PackageJson;
	return {
		path,
		isLink,
		target: toTree({ folder: isLink ? real : path, root, packageJson, isProjectRoot: false }),
	};
};

const toTree = ({
	folder,
	root,
	packageJson,
	isProjectRoot,
}: {
	readonly folder: string;
	readonly root: string;
	readonly packageJson: PackageJson;
	readonly isProjectRoot: boolean;
}): PackageTree => ({
	path: folder,
	package: { ...packageJson, bin: toBin(packageJson), bundleDependencies: toBundled(packageJson) },
	isProjectRoot,
	edgesOut: {
		get: (name) => {
			const path = findDependency(name, folder, root);
			return path === undefined ? undefined : { to: toNode(path, root), peer: false, dev: false };
		},
	},
});

/** The tree of a package that is to be packed. */
export const toPackageTree = (
	folder: string,
	packageJson: PackageJson,
	workspaces?: ReadonlyMap<string, string>,
): PackageTree => ({
	...toTree({ folder, root: folder, packageJson, isProjectRoot: true }),
	...(workspaces && { workspaces }),
});
