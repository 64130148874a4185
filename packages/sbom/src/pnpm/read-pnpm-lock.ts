import { posix } from 'node:path';
import type { Edge, Origin, PackageGraph, PackageNode, Unresolved } from '../graph/graph.ts';
import { checkCount, checkName, checkVersion, LIMITS } from '../graph/limits.ts';
import { parseIntegrity } from '../model/integrity.ts';
import { toLinks } from '../model/link.ts';
import type { DependencyKind } from '../model/sbom.ts';
import { readPlainManifest } from '../project/own-manifest.ts';
import { parseDepPath, toKeys } from './dep-path.ts';
import {
	type PnpmDependencies,
	type PnpmImporter,
	type PnpmLock,
	type PnpmPackage,
	parsePnpmLock,
} from './pnpm-schema.ts';

interface Reading {
	readonly source: string;
	readonly folder: string;
	/** Keys of packages with their peers: what edges point to. */
	readonly keys: ReadonlySet<string>;
	readonly importers: ReadonlySet<string>;
	readonly unresolved: Unresolved[];
	edges: number;
}

const toImporterId = (path: string): string => (path === '.' ? '' : path);

const toTarget = (
	reading: Reading,
	{ from, name, version }: { from: string; name: string; version: string },
) => {
	if (version.startsWith('link:')) {
		const folder = posix.normalize(posix.join(from, version.slice('link:'.length)));
		const id = toImporterId(folder);
		return reading.importers.has(id) ? id : undefined;
	}
	return toKeys(name, version).find((key) => reading.keys.has(key));
};

const toEdges = (
	reading: Reading,
	{
		from,
		folder,
		dependencies = {},
	}: { from: string; folder: string; dependencies: PnpmDependencies | undefined },
	kind: DependencyKind,
): Edge[] => {
	const edges: Edge[] = [];
	for (const [name, value] of Object.entries(dependencies)) {
		const version = String(typeof value === 'object' ? value.version : value);
		const to = toTarget(reading, { from: folder, name, version });
		if (to !== undefined) edges.push({ to, kind });
		else if (kind !== 'optional') reading.unresolved.push({ from, name, range: version });
	}
	reading.edges += edges.length;
	checkCount(reading.edges, LIMITS.edges, 'dependencies');
	return edges;
};

const toOrigin = ({ resolution = {} }: PnpmPackage): Origin => {
	if (resolution.type === 'git' || resolution.repo !== undefined) return 'git';
	if (resolution.type === 'directory' || resolution.directory !== undefined) return 'file';
	if (resolution.tarball?.startsWith('file:')) return 'file';
	return resolution.tarball !== undefined && resolution.integrity === undefined ? 'tarball' : 'registry';
};

const toResolved = ({ resolution = {} }: PnpmPackage): string | undefined => {
	const { repo, commit, tarball } = resolution;
	if (repo === undefined) return tarball;
	return `${repo.startsWith('git') ? '' : 'git+'}${repo}${commit === undefined ? '' : `#${commit}`}`;
};

const toPackageNode = (
	reading: Reading,
	key: string,
	found: PnpmPackage,
	snapshot: PnpmPackage,
): PackageNode => {
	const { source } = reading;
	const parsed = parseDepPath(key);
	const name = found.name ?? parsed?.name ?? key;
	const version = String(found.version ?? parsed?.version ?? '');
	checkName(name, source);
	checkVersion(version, { name, source });
	const resolved = toResolved(found);
	const { dependencies, optionalDependencies } = snapshot;
	return {
		id: key,
		name,
		version,
		origin: toOrigin(found),
		resolved,
		hashes: parseIntegrity(found.resolution?.integrity),
		links: toLinks({ resolved }),
		edges: [
			...toEdges(reading, { from: key, folder: '', dependencies }, 'runtime'),
			...toEdges(reading, { from: key, folder: '', dependencies: optionalDependencies }, 'optional'),
		],
	};
};

const toImporterNode = (reading: Reading, id: string, importer: PnpmImporter): PackageNode => {
	const { name, version } = readPlainManifest(reading.folder, id);
	const toOwn = (dependencies: PnpmDependencies | undefined, kind: DependencyKind): Edge[] =>
		toEdges(reading, { from: id, folder: id, dependencies }, kind);
	return {
		id,
		name,
		version,
		origin: 'workspace',
		hashes: [],
		links: [],
		edges: [
			...toOwn(importer.dependencies, 'runtime'),
			...toOwn(importer.optionalDependencies, 'optional'),
			...toOwn(importer.devDependencies, 'development'),
		],
	};
};

/** Version 9 keeps what a package is apart from what it resolved to beside its peers. */
const listPackages = ({ packages, snapshots }: PnpmLock): [string, PnpmPackage, PnpmPackage][] => {
	const known = packages ?? {};
	if (!snapshots) return Object.entries(known).map(([key, found]) => [key, found, found]);
	return Object.entries(snapshots).map(([key, snapshot]) => {
		const plain = key.includes('(') ? key.slice(0, key.indexOf('(')) : key;
		return [key, known[key] ?? known[plain] ?? {}, snapshot ?? {}];
	});
};

const listImporters = (lock: PnpmLock): [string, PnpmImporter][] =>
	Object.entries(lock.importers ?? { '.': lock }).map(([path, importer]) => [
		toImporterId(path),
		importer ?? {},
	]);

/**
 * Reads pnpm-lock.yaml: packages by their keys with peers, importers by folder. Names and versions of the project's own
 * packages come from their package.json: pnpm does not lock them.
 * @throws SlipwayError SBOM_SOURCE_*, SBOM_NAME_INVALID, SBOM_VERSION_INVALID, SBOM_TOO_LARGE
 */
export const readPnpmLock = (
	bytes: Uint8Array | string,
	{ source, folder }: { readonly source: string; readonly folder: string },
): PackageGraph => {
	const lock = parsePnpmLock(bytes, source);
	const packages = listPackages(lock);
	const own = listImporters(lock);
	checkCount(packages.length + own.length, LIMITS.packages, 'packages');
	const reading: Reading = {
		source,
		folder,
		keys: new Set(packages.map(([key]) => key)),
		importers: new Set(own.map(([id]) => id)),
		unresolved: [],
		edges: 0,
	};
	const nodes = new Map<string, PackageNode>();
	for (const [key, found, snapshot] of packages) nodes.set(key, toPackageNode(reading, key, found, snapshot));
	for (const [id, importer] of own) nodes.set(id, toImporterNode(reading, id, importer));
	const root = nodes.get('');
	const members = own.flatMap(([id]): Edge[] => (id === '' ? [] : [{ to: id, kind: 'runtime' }]));
	if (root) nodes.set('', { ...root, edges: [...root.edges, ...members] });
	const importers = new Map(own.map(([id]) => [id, id]));
	return { source, nodes, importers, unresolved: reading.unresolved, notes: [] };
};
