// What the package.json of the published package says.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toSubpath, type Workspace } from './package-emit.ts';

/** Where in the package the code of the workspaces lies. */
export const LIB = 'lib';

/** What others may import, by the workspace and export that it is. */
export const PUBLIC: Readonly<Record<string, readonly [workspace: string, key: string]>> = {
	'./command': ['slipway', './command'],
	'./join': ['slipway', './join'],
	'./verify': ['slipway', './verify'],
	'./core': ['@slipway/core', '.'],
	'./core/config': ['@slipway/core', './config'],
	'./core/policy': ['@slipway/core', './policy'],
};

/** A file of a workspace in the package, without its ending. */
const toPlace = ({ folder, exports }: Workspace, key: string): string =>
	`./${LIB}/${join(folder, exports[key] ?? '')
		.replaceAll('\\', '/')
		.replace(/\.ts$/, '')}`;

export const toPublicPlaces = (workspaces: ReadonlyMap<string, Workspace>): readonly string[] =>
	Object.values(PUBLIC).flatMap(([name, key]) => {
		const workspace = workspaces.get(name);
		return workspace ? [toPlace(workspace, key)] : [];
	});

const toExports = (workspaces: ReadonlyMap<string, Workspace>): Record<string, unknown> => ({
	...Object.fromEntries(
		Object.entries(PUBLIC).map(([key, [name, inner]]) => {
			const workspace = workspaces.get(name);
			if (workspace === undefined) throw new Error(`no workspace ${name}`);
			const place = toPlace(workspace, inner);
			return [key, { types: `${place}.d.ts`, default: `${place}.js` }];
		}),
	),
	'./slipway.schema.json': './slipway.schema.json',
	'./slipway.policy.schema.json': './slipway.policy.schema.json',
	'./package.json': './package.json',
});

type Imports = Readonly<Record<string, Readonly<Record<string, string>>>>;

const toImports = (workspaces: ReadonlyMap<string, Workspace>): Imports =>
	Object.fromEntries(
		[...workspaces.values()]
			.filter(({ name }) => name.startsWith('@slipway/'))
			.flatMap((workspace) =>
				Object.keys(workspace.exports).map((key) => {
					const place = toPlace(workspace, key);
					const specifier = toSubpath(`${workspace.name}${key.slice(1)}`);
					return [specifier, { types: `${place}.d.ts`, default: `${place}.js` }] as const;
				}),
			)
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);

/** Where npm put a dependency of a workspace: of its own, or shared. */
const readInstalledVersion = (folder: string, name: string): string => {
	for (const place of [join('packages', folder, 'node_modules'), 'node_modules']) {
		try {
			return JSON.parse(readFileSync(join(place, name, 'package.json'), 'utf8')).version;
		} catch {
			// look further up, as Node does
		}
	}
	throw new Error(`${name} is not installed`);
};

/**
 * Those dependencies of the workspaces that are `needed` beside the bundled code, exactly as they were tested here.
 * @throws Error where two workspaces have different versions of one: one folder can hold one only
 */
const toDependencies = (
	workspaces: ReadonlyMap<string, Workspace>,
	needed: ReadonlySet<string>,
): Record<string, string> => {
	const found = new Map<string, string>();
	for (const { folder, dependencies } of workspaces.values()) {
		for (const name of Object.keys(dependencies)) {
			if (!needed.has(name)) continue;
			const version = readInstalledVersion(folder, name);
			if (found.has(name) && found.get(name) !== version)
				throw new Error(`two versions of ${name}: ${found.get(name)} and ${version}`);
			found.set(name, version);
		}
	}
	return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const ask = (...args: readonly string[]): string =>
	spawnSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).stdout?.trim() ?? '';

/** OWNER/REPO and commit of the clone: what `slipway init` pins caller files to. undefined: it is none, or not of GitHub. */
const readOrigin = (): { readonly repository: string; readonly commit: string } | undefined => {
	const origin = ask('remote', 'get-url', 'origin');
	const repository = /github\.com[:/]([A-Za-z0-9-]+\/[A-Za-z0-9._-]+?)(?:\.git)?\/?$/.exec(origin)?.[1];
	const commit = ask('rev-parse', 'HEAD');
	return repository && /^[0-9a-f]{40}$/.test(commit) ? { repository, commit } : undefined;
};

export interface Manifest {
	readonly name: string;
	readonly version: string;
	readonly imports: Imports;
	readonly [field: string]: unknown;
}

/** package.json of the package `slipway`; `needed`: dependencies whose code is not in the package. */
export const toManifest = (
	workspaces: ReadonlyMap<string, Workspace>,
	needed: ReadonlySet<string>,
): Manifest => {
	const { description, license, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
	const version = workspaces.get('slipway')?.version ?? '0.0.0';
	const origin = readOrigin();
	const address = origin && `https://github.com/${origin.repository}`;
	return {
		name: 'slipway',
		version,
		description,
		keywords: ['release', 'publish', 'npm', 'apt', 'debian', 'provenance', 'sigstore', 'rollback'],
		license,
		...(address && {
			homepage: `${address}#readme`,
			bugs: `${address}/issues`,
			repository: { type: 'git', url: `git+${address}.git` },
			slipway: { ...origin, version: `v${version}` },
		}),
		type: 'module',
		sideEffects: false,
		engines,
		bin: { slipway: 'bin/slipway.js' },
		exports: toExports(workspaces),
		imports: toImports(workspaces),
		files: ['bin', LIB, '*.schema.json'],
		dependencies: toDependencies(workspaces, needed),
		publishConfig: { access: 'public' },
	};
};

/** Of `imports` those that still lead to code or declarations in `folder`, by what they lead to. */
export const toKeptImports = (imports: Imports, folder: string): Imports =>
	Object.fromEntries(
		Object.entries(imports)
			.map(
				([specifier, places]) =>
					[
						specifier,
						Object.fromEntries(Object.entries(places).filter(([, path]) => existsSync(join(folder, path)))),
					] as const,
			)
			.filter(([, places]) => Object.keys(places).length > 0),
	);
