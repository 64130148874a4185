import { toSbomError } from '../code.ts';
import type { Edge, PackageGraph, PackageNode, Unresolved } from '../graph/graph.ts';
import { checkCount, checkName, checkVersion, LIMITS } from '../graph/limits.ts';
import { parseFragmentHash, parseIntegrity } from '../model/integrity.ts';
import { toLinks } from '../model/link.ts';
import type { DependencyKind, Hash } from '../model/sbom.ts';
import { type Importer, readImporters } from './importers.ts';
import { parseLocator, toAliased, toReferenceOrigin } from './locator.ts';
import { parseYarnBerry } from './yarn-berry.ts';
import { parseYarnV1 } from './yarn-v1.ts';

/** What both forms of yarn.lock say of a package. */
interface Locked {
	readonly descriptors: readonly string[];
	readonly name: string;
	readonly version: string;
	readonly reference: string;
	readonly resolved?: string | undefined;
	readonly hashes: readonly Hash[];
	readonly dependencies: readonly {
		readonly name: string;
		readonly range: string;
		readonly kind: DependencyKind;
	}[];
}

interface Reading {
	readonly source: string;
	readonly byDescriptor: ReadonlyMap<string, string>;
	/** Where no descriptor fits (`resolutions`): by name. */
	readonly byName: ReadonlyMap<string, string>;
	readonly own: ReadonlyMap<string, string>;
	readonly unresolved: Unresolved[];
	edges: number;
}

const toText = (bytes: Uint8Array | string, source: string): string => {
	if (bytes.length > LIMITS.bytes)
		throw toSbomError(
			'SBOM_TOO_LARGE',
			`${source}: expected at most ${LIMITS.bytes} bytes, got ${bytes.length}`,
		);
	try {
		return typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch (cause) {
		throw toSbomError('SBOM_SOURCE_INVALID', `${source}: not valid UTF-8`, cause);
	}
};

const fromV1 = (text: string, source: string): Locked[] =>
	parseYarnV1(text, source).map((entry) => {
		const [descriptor = ''] = entry.descriptors;
		const { name, reference } = parseLocator(descriptor) ?? { name: descriptor, reference: '' };
		const resolved = entry.resolved?.replace(/#[0-9a-f]{40}$/, (hash) =>
			entry.resolved?.startsWith('git') ? hash : '',
		);
		const list = (ranges: ReadonlyMap<string, string>, kind: DependencyKind) =>
			[...ranges].map(([dependency, range]) => ({ name: dependency, range, kind }));
		const hashes = parseIntegrity(entry.integrity);
		return {
			descriptors: entry.descriptors,
			name: toAliased(reference) ?? name,
			version: entry.version,
			reference: toReferenceOrigin(reference) === 'registry' ? reference : (resolved ?? reference),
			resolved,
			hashes: hashes.length > 0 ? hashes : parseFragmentHash(entry.resolved),
			dependencies: [...list(entry.dependencies, 'runtime'), ...list(entry.optionalDependencies, 'optional')],
		};
	});

const fromBerry = (text: string, source: string): Locked[] =>
	parseYarnBerry(text, source).map(
		({ descriptors, version, resolution, dependencies = {}, dependenciesMeta = {} }) => {
			const { name, reference } = parseLocator(resolution ?? descriptors[0] ?? '') ?? {
				name: '',
				reference: '',
			};
			return {
				descriptors,
				name,
				version: String(version ?? ''),
				reference,
				resolved: toReferenceOrigin(reference) === 'registry' ? undefined : reference,
				hashes: [],
				dependencies: Object.entries(dependencies).map(([dependency, range]) => ({
					name: dependency,
					range: String(range),
					kind: dependenciesMeta[dependency]?.optional ? 'optional' : 'runtime',
				})),
			};
		},
	);

const findTarget = (
	{ byDescriptor, byName, own }: Reading,
	name: string,
	range: string,
): string | undefined =>
	byDescriptor.get(`${name}@${range}`) ??
	byDescriptor.get(`${name}@npm:${range}`) ??
	own.get(name) ??
	byName.get(name);

const toEdges = (reading: Reading, from: string, dependencies: Locked['dependencies']): Edge[] => {
	const edges: Edge[] = [];
	for (const { name, range, kind } of dependencies) {
		const to = findTarget(reading, name, range);
		if (to !== undefined) edges.push({ to, kind });
		else if (kind === 'runtime') reading.unresolved.push({ from, name, range });
	}
	reading.edges += edges.length;
	checkCount(reading.edges, LIMITS.edges, 'dependencies');
	return edges;
};

const toId = ({ name, version, reference }: Locked): string => `${name}@${version} ${reference}`;

const toNode = (reading: Reading, locked: Locked): PackageNode => {
	const { name, version, reference, resolved, hashes, dependencies } = locked;
	checkName(name, reading.source);
	checkVersion(version, { name, source: reading.source });
	const id = toId(locked);
	const origin = toReferenceOrigin(reference);
	return {
		id,
		name,
		version,
		origin,
		resolved,
		hashes,
		links: toLinks({ resolved }),
		edges: toEdges(reading, id, dependencies),
	};
};

const toOwnNode = (
	reading: Reading,
	{ folder, name, version, dependencies }: Importer,
	members: readonly string[],
): PackageNode => ({
	id: folder,
	name,
	version,
	origin: 'workspace',
	hashes: [],
	links: [],
	edges: [
		...toEdges(reading, folder, dependencies),
		...members.filter((member) => member !== folder).map((to): Edge => ({ to, kind: 'runtime' })),
	],
});

/**
 * Reads yarn.lock of either form. What the project's own packages ask for comes from their package.json; peers are
 * those of whoever depends on them and make no edges of their own.
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_NAME_INVALID, SBOM_VERSION_INVALID, SBOM_TOO_LARGE
 */
export const readYarnLock = (
	bytes: Uint8Array | string,
	{ source, folder }: { readonly source: string; readonly folder: string },
): PackageGraph => {
	const text = toText(bytes, source);
	const isBerry = /^__metadata:/m.test(text.slice(0, 4096));
	const all = isBerry ? fromBerry(text, source) : fromV1(text, source);
	const locked = all.filter(({ reference }) => toReferenceOrigin(reference) !== 'workspace');
	const own = readImporters(folder);
	const reading: Reading = {
		source,
		byDescriptor: new Map(
			locked.flatMap((entry) => entry.descriptors.map((descriptor) => [descriptor, toId(entry)])),
		),
		byName: new Map(locked.map((entry) => [entry.name, toId(entry)])),
		own: new Map(own.map(({ name, folder: place }) => [name, place])),
		unresolved: [],
		edges: 0,
	};
	const nodes = new Map(locked.map((entry) => [toId(entry), toNode(reading, entry)]));
	const folders = own.map(({ folder: place }) => place);
	for (const importer of own)
		nodes.set(importer.folder, toOwnNode(reading, importer, importer.folder === '' ? folders : []));
	const importers = new Map(folders.map((place) => [place, place]));
	const notes = isBerry ? [`${source}: Yarn keeps no digest of the packages' own bytes`] : [];
	return { source, nodes, importers, unresolved: reading.unresolved, notes };
};
