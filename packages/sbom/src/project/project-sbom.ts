import { hash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { PackageGraph } from '../graph/graph.ts';
import { toGraphPart } from '../graph/to-part.ts';
import { walkGraph } from '../graph/walk.ts';
import { makeSbom } from '../model/make-sbom.ts';
import type { SbomPart } from '../model/part.ts';
import type { Component, Sbom } from '../model/sbom.ts';
import { splitName, toNpmPurl } from '../npm/npm-purl.ts';
import { parseManifest, toManifestFacts } from '../tree/manifest.ts';
import { readPlainFile, withInstalled } from '../tree/read-installed.ts';
import type { ProjectGraph } from './read-graph.ts';

/** The graph below one node, with what the installed packages say of themselves. */
const enrich = (
	{ graph, find, readLicence }: ProjectGraph,
	from: string,
	development: boolean,
): PackageGraph => {
	const ids = new Set(walkGraph(graph, [from], { development }).keys());
	return withInstalled(graph, { find, readLicence, ids });
};

/**
 * What one package of a project needs, from its lockfile and what is installed.
 * @param from the node of that package
 */
export const toProjectPart = (
	project: ProjectGraph,
	from: string,
	{ development }: { readonly development: boolean },
): SbomPart => toGraphPart(enrich(project, from, development), from, { development });

const toRoot = (
	{ graph, folder, readLicence }: ProjectGraph,
	from: string,
): Omit<Component, 'ref' | 'scope'> => {
	const node = graph.nodes.get(from);
	const bytes = readPlainFile(join(folder, from, 'package.json'));
	const manifest = (bytes && parseManifest(bytes, 'package.json')) ?? {};
	const facts = toManifestFacts(manifest, readLicence);
	const name = node?.name ?? basename(folder);
	const { group, base } = splitName(name);
	const version = node?.version;
	return {
		...facts,
		licence: facts.licence ?? node?.licence,
		type: 'application',
		group,
		name: base,
		version,
		purl: toNpmPurl({ name, version, origin: 'workspace' }),
		hashes: [],
	};
};

export interface ProjectSbomRequest {
	readonly project: ProjectGraph;
	/** With what only development needs, marked so. */
	readonly development: boolean;
	/** Seconds since 1970. */
	readonly epoch: number;
	readonly tool: Sbom['tool'];
}

/**
 * The SBOM of a project folder or lockfile without an artifact: all its packages below the root package, bound to the
 * digest of the lockfile.
 * @throws SlipwayError SBOM_*
 */
export const makeProjectSbom = ({ project, development, epoch, tool }: ProjectSbomRequest): Sbom => {
	const from = project.graph.importers.get('') ?? '';
	return makeSbom({
		root: toRoot(project, from),
		parts: [toProjectPart(project, from, { development })],
		digest: hash('sha256', project.bytes, 'hex'),
		epoch,
		tool,
	});
};
