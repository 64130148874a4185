import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageGraph, PackageNode } from '../graph/graph.ts';
import type { LicenceReader } from '../licence/parse-licence.ts';
import { withLicenceText } from './licence-file.ts';
import { parseManifest, type RawManifest, toManifestFacts } from './manifest.ts';

const MAX_FILE = 4 * 1024 * 1024;

/** The bytes of a plain file of sane size; undefined for all else. */
export const readPlainFile = (path: string): Uint8Array | undefined => {
	try {
		const stats = lstatSync(path);
		return stats.isFile() && stats.size <= MAX_FILE ? readFileSync(path) : undefined;
	} catch {
		return undefined;
	}
};

/** The package.json of an installed package, where it is the one that is looked for. */
export const readInstalledManifest = (
	folder: string,
	wanted: Pick<PackageNode, 'name' | 'version'>,
): RawManifest | undefined => {
	const bytes = readPlainFile(join(folder, 'package.json'));
	const manifest = bytes && parseManifest(bytes, 'package.json');
	const isIt =
		manifest?.name === wanted.name && (wanted.version === undefined || manifest.version === wanted.version);
	return isIt ? manifest : undefined;
};

/** Where packages of a graph lie on this disk; undefined for those that nobody installed. */
export type FolderFinder = (node: PackageNode) => string | undefined;

const enrich = (node: PackageNode, folder: string, readLicence: LicenceReader): PackageNode => {
	const manifest = readInstalledManifest(folder, node);
	if (!manifest) return node;
	const facts = toManifestFacts(manifest, readLicence);
	const stated = facts.licence ?? node.licence;
	return {
		...node,
		licence: withLicenceText(stated, (fileName) => readPlainFile(join(folder, fileName))),
		supplier: facts.supplier ?? node.supplier,
		description: facts.description ?? node.description,
		links: [...node.links, ...facts.links],
	};
};

/**
 * The graph with what the installed packages' own manifests say: supplier, licence, source. A package that is absent, or
 * is another version, adds nothing.
 * @param ids the nodes that are wanted; the others stay as they are
 */
export const withInstalled = (
	graph: PackageGraph,
	{
		find,
		readLicence,
		ids,
	}: { readonly find: FolderFinder; readonly readLicence: LicenceReader; readonly ids?: ReadonlySet<string> },
): PackageGraph => {
	const nodes = new Map<string, PackageNode>();
	for (const [id, node] of graph.nodes) {
		const folder = ids && !ids.has(id) ? undefined : find(node);
		nodes.set(id, folder === undefined ? node : enrich(node, folder, readLicence));
	}
	return { ...graph, nodes };
};
