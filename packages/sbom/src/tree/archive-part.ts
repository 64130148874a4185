import type { ArchiveEntry } from '@slipway/archive';
import type { PackageNode } from '../graph/graph.ts';
import { toNodeComponent } from '../graph/to-part.ts';
import type { LicenceReader } from '../licence/parse-licence.ts';
import { ROOT, type SbomPart } from '../model/part.ts';
import type { Component, Dependency } from '../model/sbom.ts';
import type { LockEntry } from '../npm/lock-schema.ts';
import { toPlacedGraph } from '../npm/read-npm-lock.ts';
import { withLicenceText } from './licence-file.ts';
import { parseManifest, type RawManifest, toManifestFacts } from './manifest.ts';
import { toEntry } from './to-entry.ts';

type Files = ReadonlyMap<string, ArchiveEntry>;

const INSTALLED = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;

const readManifests = (files: Files): ReadonlyMap<string, RawManifest> => {
	const manifests = new Map<string, RawManifest>();
	for (const [path, { bytes }] of files) {
		const manifest = INSTALLED.test(path) ? parseManifest(bytes, path) : undefined;
		if (manifest) manifests.set(path.slice(0, -'/package.json'.length), manifest);
	}
	return manifests;
};

const withFacts = (
	node: PackageNode,
	manifest: RawManifest,
	files: Files,
	readLicence: LicenceReader,
): PackageNode => {
	const facts = toManifestFacts(manifest, readLicence);
	return {
		...node,
		...facts,
		licence: withLicenceText(facts.licence, (name) => files.get(`${node.id}/${name}`)?.bytes),
		bundled: true,
	};
};

/** Whatever nothing else in the archive asks for is there because the root wants it; so is one of each circle. */
const toRootEdges = (nodes: readonly PackageNode[]): Dependency[] => {
	const wanted = new Set(nodes.flatMap(({ edges }) => edges.map(({ to }) => to)));
	const reached = new Set<string>();
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const roots: string[] = [];
	const visit = (start: string): void => {
		roots.push(start);
		const waiting = [start];
		for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
			if (reached.has(id)) continue;
			reached.add(id);
			waiting.push(...(byId.get(id)?.edges ?? []).map(({ to }) => to));
		}
	};
	for (const { id } of nodes) if (!wanted.has(id)) visit(id);
	for (const { id } of nodes) if (!reached.has(id)) visit(id);
	return roots.map((to) => ({ from: ROOT, to, kind: 'runtime' }));
};

/**
 * The packages that lie inside an archive below a node_modules (bundled dependencies of an npm package, a Node.js
 * program in a .deb), from their own manifests.
 * @param entries paths below the root of what is described
 * @throws SlipwayError SBOM_TOO_LARGE, SBOM_SOURCE_INVALID
 */
export const toArchivePart = (entries: readonly ArchiveEntry[], readLicence: LicenceReader): SbomPart => {
	const files: Files = new Map(
		entries.filter(({ type }) => type === 'file').map((entry) => [entry.path, entry]),
	);
	const manifests = readManifests(files);
	const packages: Record<string, LockEntry> = {};
	for (const [place, manifest] of [...manifests].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const entry = toEntry(manifest);
		if (entry) packages[place] = entry;
	}
	const { nodes } = toPlacedGraph({ packages }, { source: 'the archive', readLicence });
	const found = [...nodes.values()].map((node) =>
		withFacts(node, manifests.get(node.id) ?? {}, files, readLicence),
	);
	const components: Component[] = found.map((node) => toNodeComponent(node, 'required'));
	const dependencies = found.flatMap(({ id, edges }) =>
		edges.map(({ to, kind }) => ({ from: id, to, kind })),
	);
	return { components, dependencies: [...toRootEdges(found), ...dependencies], complete: true, notes: [] };
};
