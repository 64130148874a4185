import { readCompressedTar } from '@slipway/archive';
import type { Artifact } from '@slipway/core';
import { quote, toSbomError } from '../code.ts';
import type { PackageNode } from '../graph/graph.ts';
import { toLicenceReader } from '../licence/parse-licence.ts';
import type { SbomRequest } from '../model/make-sbom.ts';
import { ROOT, type SbomPart } from '../model/part.ts';
import { splitName, toNpmPurl } from '../npm/npm-purl.ts';
import { toProjectPart } from '../project/project-sbom.ts';
import type { ProjectGraph } from '../project/read-graph.ts';
import { toArchivePart } from '../tree/archive-part.ts';
import { withLicenceText } from '../tree/licence-file.ts';
import { parseManifest, type RawManifest, toManifestFacts, toRanges } from '../tree/manifest.ts';
import { toArtifactHashes, toCarrierFile } from './facts.ts';

const LIMITS = { maxTotalBytes: 1024 ** 3, maxEntryBytes: 1024 ** 3 };

/** An npm package, and the project that it was packed from where that is at hand. */
export interface NpmArtifact {
	readonly artifact: Artifact;
	readonly bytes: Uint8Array;
	readonly project?: ProjectGraph | undefined;
}

/** What the SBOM of an artifact is made of, without what all SBOMs of a release share. */
export type ArtifactRequest = Omit<SbomRequest, 'epoch' | 'tool'>;

const findImporter = ({ graph }: ProjectGraph, name: string): PackageNode | undefined =>
	[...graph.importers.values()].map((id) => graph.nodes.get(id)).find((node) => node?.name === name);

/** Without a lockfile: what the manifest asks for, without versions. */
const toDeclaredPart = (manifest: RawManifest): SbomPart => {
	const optional = toRanges(manifest.optionalDependencies);
	const ranges = Object.entries({ ...toRanges(manifest.dependencies), ...optional });
	const nodes = ranges.map(([name, range]) => ({ name, range, id: `declared:${name}` }));
	return {
		components: nodes.map(({ name, range, id }) => {
			const { group, base } = splitName(name);
			const scope = Object.hasOwn(optional, name) ? 'optional' : 'required';
			const properties = { 'slipway:unresolved': range.slice(0, 256) };
			const purl = toNpmPurl({ name, origin: 'registry' });
			return { ref: id, type: 'library', group, name: base, purl, scope, hashes: [], links: [], properties };
		}),
		dependencies: nodes.map(({ name, id }) => ({
			from: ROOT,
			to: id,
			kind: Object.hasOwn(optional, name) ? 'optional' : 'runtime',
		})),
		complete: ranges.length === 0,
		notes: ranges.length === 0 ? [] : ['No lockfile has this package: its dependencies have no versions'],
	};
};

const toDependencyPart = (manifest: RawManifest, project: ProjectGraph | undefined): SbomPart => {
	const importer = project && findImporter(project, String(manifest.name));
	return project && importer
		? toProjectPart(project, importer.id, { development: false })
		: toDeclaredPart(manifest);
};

/**
 * What the SBOM of an npm package is made of: its production dependencies as the project's lockfile resolves them, and
 * the packages bundled in its tarball.
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_*, ARCHIVE_*
 */
export const toNpmRequest = async ({ artifact, bytes, project }: NpmArtifact): Promise<ArtifactRequest> => {
	const readLicence = project?.readLicence ?? toLicenceReader();
	// npm strips the first folder, whatever it is called.
	const { entries: packed } = await readCompressedTar('gzip', bytes, LIMITS);
	const entries = packed.map((entry) => ({
		...entry,
		path: entry.path.slice(entry.path.indexOf('/') + 1),
	}));
	const file = (path: string): Uint8Array | undefined =>
		entries.find((entry) => entry.type === 'file' && entry.path === path)?.bytes;
	const manifestBytes = file('package.json');
	const manifest = manifestBytes && parseManifest(manifestBytes, `package.json in ${artifact.name}`);
	if (!manifest || typeof manifest.name !== 'string')
		throw toSbomError('SBOM_SOURCE_INVALID', `expected a package.json in ${quote(artifact.name)}, got none`);
	const { group, base } = splitName(manifest.name);
	const facts = toManifestFacts(manifest, readLicence);
	return {
		root: {
			...facts,
			licence: withLicenceText(facts.licence, file),
			type: 'library',
			group,
			name: base,
			version: String(manifest.version ?? ''),
			purl: artifact.purl,
			hashes: toArtifactHashes(artifact),
			file: toCarrierFile(artifact),
		},
		parts: [toDependencyPart(manifest, project), toArchivePart(entries, readLicence)],
		digest: artifact.digest.sha256,
	};
};
