import type { Edge, Origin, PackageGraph, PackageNode, Unresolved } from '../graph/graph.ts';
import { checkCount, checkName, checkVersion, LIMITS } from '../graph/limits.ts';
import type { LicenceReader } from '../licence/parse-licence.ts';
import { parseIntegrity } from '../model/integrity.ts';
import { toLinks } from '../model/link.ts';
import type { DependencyKind } from '../model/sbom.ts';
import { type LockEntry, parseNpmLock } from './lock-schema.ts';
import { checkPlace, findPlace, toInstalledName } from './places.ts';

interface Reading {
	readonly source: string;
	readonly lock: PlacedPackages;
	readonly places: ReadonlyMap<string, LockEntry>;
	readonly readLicence: LicenceReader;
	readonly unresolved: Unresolved[];
	/** Peers that nobody installed: `from name`. */
	readonly missingPeers: string[];
	edges: number;
}

const isTarball = (text: string): boolean => /\.(tgz|tar\.gz|tar)$/.test(text.split(/[?#]/)[0] ?? '');

/** A registry's tarball lies below `/-/` (npm's path layout) or has an integrity and a semantic version beside it. */
const toOrigin = (place: string, { resolved, integrity, inBundle }: LockEntry): Origin => {
	if (toInstalledName(place) === undefined) return 'workspace';
	if (typeof resolved !== 'string') return inBundle || integrity ? 'registry' : 'file';
	if (/^git(\+|:)/.test(resolved)) return 'git';
	if (resolved.startsWith('file:')) return 'file';
	if (!/^https?:/.test(resolved)) return 'file';
	return integrity !== undefined && (resolved.includes('/-/') || !isTarball(resolved))
		? 'registry'
		: 'tarball';
};

const findTarget = ({ places }: Reading, place: string): string => {
	const entry = places.get(place);
	const target = entry?.link === true && typeof entry.resolved === 'string' ? entry.resolved : place;
	return places.has(target) ? target : place;
};

type Ranges = Readonly<Record<string, string>> | undefined;

const toEdges = (
	reading: Reading,
	{
		from,
		ranges,
		kindOf,
	}: { from: string; ranges: Ranges; kindOf: (name: string) => DependencyKind | 'peer' },
): Edge[] => {
	const edges: Edge[] = [];
	for (const [name, range] of Object.entries(ranges ?? {})) {
		const kind = kindOf(name);
		const place = findPlace((candidate) => reading.places.has(candidate), from, name);
		if (place !== undefined)
			edges.push({ to: findTarget(reading, place), kind: kind === 'peer' ? 'runtime' : kind });
		else if (kind === 'peer') reading.missingPeers.push(`${from} ${name}`);
		else if (kind === 'runtime') reading.unresolved.push({ from, name, range });
	}
	reading.edges += edges.length;
	checkCount(reading.edges, LIMITS.edges, 'dependencies');
	return edges;
};

const readEdges = (reading: Reading, from: string, entry: LockEntry): Edge[] => {
	const optional = entry.optionalDependencies ?? {};
	const isOptionalPeer = (name: string): boolean => entry.peerDependenciesMeta?.[name]?.optional === true;
	const isOwn = toInstalledName(from) === undefined;
	return [
		// npm lists an optional dependency among `dependencies` too where package.json does.
		...toEdges(reading, {
			from,
			ranges: entry.dependencies,
			kindOf: (name) => (Object.hasOwn(optional, name) ? 'optional' : 'runtime'),
		}),
		...toEdges(reading, { from, ranges: optional, kindOf: () => 'optional' }),
		...toEdges(reading, {
			from,
			ranges: entry.peerDependencies,
			kindOf: (name) => (isOptionalPeer(name) ? 'optional' : 'peer'),
		}),
		...(isOwn ? toEdges(reading, { from, ranges: entry.devDependencies, kindOf: () => 'development' }) : []),
	];
};

const toNodeName = ({ lock }: Reading, place: string, entry: LockEntry): string =>
	entry.name ??
	toInstalledName(place) ??
	(place === '' ? lock.name : undefined) ??
	(place.split('/').at(-1) || 'project');

const toNode = (reading: Reading, place: string, entry: LockEntry): PackageNode => {
	const { source, readLicence, lock } = reading;
	const name = toNodeName(reading, place, entry);
	const version = entry.version ?? (place === '' ? lock.version : undefined);
	checkName(name, source);
	if (version !== undefined) checkVersion(version, { name, source });
	const resolved = typeof entry.resolved === 'string' ? entry.resolved : undefined;
	return {
		id: place,
		name,
		version,
		origin: toOrigin(place, entry),
		resolved,
		hashes: parseIntegrity(entry.integrity),
		licence: readLicence(entry.license),
		links: toLinks({ resolved }),
		bundled: entry.inBundle,
		edges: readEdges(reading, place, entry),
	};
};

const toNotes = ({ source, missingPeers, unresolved }: Reading): string[] => [
	...(missingPeers.length > 0
		? [`${source}: ${missingPeers.length} peer dependencies are asked for and not installed`]
		: []),
	...(unresolved.length > 0 ? [`${source}: ${unresolved.length} dependencies resolve to nothing`] : []),
];

/** Workspaces are part of the project whether or not its own package.json depends on them. */
const withWorkspaces = (root: PackageNode, importers: ReadonlyMap<string, string>): PackageNode => {
	const known = new Set(root.edges.map(({ to }) => to));
	const members = [...importers.values()].filter((id) => id !== root.id && !known.has(id));
	return { ...root, edges: [...root.edges, ...members.map((to): Edge => ({ to, kind: 'runtime' }))] };
};

/** What a lockfile, or somebody who looked into the folders, says about a tree. */
export interface PlacedPackages {
	readonly name?: string | undefined;
	readonly version?: string | undefined;
	readonly packages: Readonly<Record<string, LockEntry>>;
}

export interface ReadOptions {
	/** For messages and notes: the name of the file. */
	readonly source: string;
	readonly readLicence: LicenceReader;
}

/**
 * The graph of packages that are known by their places: edges are resolved as Node.js does, so that overrides, aliases,
 * nested versions and links come out as installed.
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_NAME_INVALID, SBOM_VERSION_INVALID, SBOM_TOO_LARGE
 */
export const toPlacedGraph = (lock: PlacedPackages, { source, readLicence }: ReadOptions): PackageGraph => {
	const places = new Map(Object.entries(lock.packages));
	checkCount(places.size, LIMITS.packages, 'packages');
	for (const place of places.keys()) checkPlace(place, source);
	const reading: Reading = { source, lock, places, readLicence, unresolved: [], missingPeers: [], edges: 0 };
	const nodes = new Map<string, PackageNode>();
	const importers = new Map<string, string>();
	for (const [place, entry] of places) {
		if (entry.link === true && findTarget(reading, place) !== place) continue;
		const node = toNode(reading, place, entry);
		nodes.set(place, node);
		if (node.origin === 'workspace') importers.set(place, place);
	}
	const root = nodes.get('');
	if (root) nodes.set('', withWorkspaces(root, importers));
	return { source, nodes, importers, unresolved: reading.unresolved, notes: toNotes(reading) };
};

/**
 * Reads package-lock.json or npm-shrinkwrap.json of version 2 or 3 (also node_modules/.package-lock.json).
 * @throws SlipwayError SBOM_SOURCE_*, SBOM_NAME_INVALID, SBOM_VERSION_INVALID, SBOM_TOO_LARGE, JSON_*
 */
export const readNpmLock = (bytes: Uint8Array | string, options: ReadOptions): PackageGraph =>
	toPlacedGraph(parseNpmLock(bytes, options.source), options);
