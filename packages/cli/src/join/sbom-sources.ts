import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Release, readArchive } from '@slipway/archive';
import { type Artifact, type Context, MEDIA_TYPES, parseJson, parsePurl, SlipwayError } from '@slipway/core';
import type { ArtifactRequest, ProjectGraph, ReadySbom, SbomCode } from '@slipway/sbom';
import { findNpmFolders } from './npm-packages.ts';
import type { OpenProject } from './project.ts';

const MAX_READY = 1000;

/** The SBOMs that build commands left, by the patterns of slipway.yml. @throws SlipwayError SBOM_*, JSON_* */
export const readReadySboms = async ({ config, folder }: OpenProject): Promise<readonly ReadySbom[]> => {
	const paths = new Set<string>();
	for (const pattern of config.sbom.merge) {
		const before = paths.size;
		for await (const path of glob(pattern, { cwd: folder, exclude: (name) => name === 'node_modules' }))
			paths.add(path);
		if (paths.size === before || paths.size > MAX_READY)
			throw new SlipwayError<SbomCode>(
				'SBOM_SOURCE_MISSING',
				`expected 1 to ${MAX_READY} files at ${JSON.stringify(pattern)}, found ${paths.size - before}`,
				{ hint: 'Correct `sbom: merge:` in slipway.yml, or let a build command write the SBOM.' },
			);
	}
	if (paths.size === 0) return [];
	const { parseReadySbom } = await import('@slipway/sbom');
	return Promise.all(
		[...paths]
			.sort()
			.map(async (path) => parseReadySbom(await readFile(join(folder, path)), path.replaceAll('\\', '/'))),
	);
};

/** Lockfiles are looked for up to the folder that git knows, never beyond: what lies above is somebody else's. */
const listFolders = (start: string): string[] => {
	const folders: string[] = [];
	for (let folder = start; ; folder = dirname(folder)) {
		folders.push(folder);
		if (existsSync(join(folder, '.git'))) return folders;
		if (folder === dirname(folder)) return [start];
	}
};

const LOCKFILES = ['npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'];
const hasLockfile = (folder: string): boolean => LOCKFILES.some((name) => existsSync(join(folder, name)));

/** The dependency graphs of the project's npm packages, each lockfile read once. */
export class NpmGraphs {
	readonly #project: OpenProject;
	readonly #read = new Map<string, Promise<ProjectGraph | undefined>>();

	constructor(project: OpenProject) {
		this.#project = project;
	}

	/** The graph that has the package; undefined where no lockfile and no installed tree does. @throws SlipwayError SBOM_* */
	async find(artifact: Artifact): Promise<ProjectGraph | undefined> {
		const { namespace, name } = parsePurl(artifact.purl);
		const full = namespace === undefined ? name : `${namespace}/${name}`;
		const start = await this.#findFolder(full);
		const folders = listFolders(start);
		for (const folder of [...folders.filter(hasLockfile), start]) {
			const graph = await this.#readOnce(folder);
			const importers = graph?.graph.importers.values() ?? [];
			if ([...importers].some((id) => graph?.graph.nodes.get(id)?.name === full)) return graph;
		}
		return undefined;
	}

	async #findFolder(name: string): Promise<string> {
		for (const folder of await findNpmFolders(this.#project)) {
			const json = parseJson(await readFile(join(folder, 'package.json')), 'package.json') as {
				name?: unknown;
			};
			if (json.name === name) return folder;
		}
		return this.#project.folder;
	}

	#readOnce(folder: string): Promise<ProjectGraph | undefined> {
		const known = this.#read.get(folder) ?? this.#readGraph(folder);
		this.#read.set(folder, known);
		return known;
	}

	async #readGraph(folder: string): Promise<ProjectGraph | undefined> {
		const { readProjectGraph } = await import('@slipway/sbom');
		return readProjectGraph(folder).catch((thrown) => {
			if (thrown instanceof SlipwayError && thrown.code === ('SBOM_SOURCE_MISSING' satisfies SbomCode))
				return undefined;
			throw thrown;
		});
	}
}

const toDeb = async (
	artifact: Artifact,
	bytes: Uint8Array,
	{ tempDir, signal }: Context,
): Promise<ArtifactRequest> => {
	const [{ readDeb }, { toDebRequest }] = await Promise.all([
		import('@slipway/deb'),
		import('@slipway/sbom'),
	]);
	const { control, entries } = await readDeb(bytes, { tempDir, signal });
	const { name, version, stanza } = control;
	return toDebRequest({ artifact, name, version, fields: stanza, entries });
};

/**
 * What the SBOM of one artifact is made of, by what it is: its bytes are hashed again and read in memory.
 * @throws SlipwayError SBOM_*, DEB_*, ARCHIVE_*, RELEASE_*
 */
export const toArtifactRequest = async (
	artifact: Artifact,
	{ release, graphs }: { readonly release: Release; readonly graphs: NpmGraphs },
	context: Context,
): Promise<ArtifactRequest> => {
	const bytes = await readArchive(release.folder, artifact);
	if (artifact.mediaType === MEDIA_TYPES.deb) return toDeb(artifact, bytes, context);
	const { toNpmRequest, toOtherRequest } = await import('@slipway/sbom');
	if (artifact.mediaType !== MEDIA_TYPES.npm) return toOtherRequest(artifact);
	return toNpmRequest({ artifact, bytes, project: await graphs.find(artifact) });
};
