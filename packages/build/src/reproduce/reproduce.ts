import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Release, readArtifact, readRelease, writeStage } from '@slipway/archive';
import { type Context, SlipwayError } from '@slipway/core';
import type { BuildCode } from '../code.ts';
import type { MadeFile } from '../collect.ts';
import { compareArtifacts } from '../compare/compare-artifacts.ts';
import type { Difference } from '../compare/difference.ts';
import { toBuildEnvironment } from '../environment.ts';
import { makeFiles } from '../make-files.ts';
import type { BuildRequest } from '../run-build.ts';
import { readSource, type SourceFacts } from '../source.ts';
import { readBuildStart } from './build-start.ts';
import { copyProject, linkDependencies } from './copy-project.ts';
import { toReproductionText } from './reproduction-text.ts';
import { toVariedWorld, type VariedWorld } from './varied-world.ts';

/** What a second build gave. */
export interface Reproduction {
	/** All artifacts have the same names and bytes. */
	readonly identical: boolean;
	readonly artifacts: readonly {
		readonly name: string;
		readonly verdict: 'identical' | 'differs' | 'missing' | 'added';
		/** Empty unless it differs. */
		readonly differences: readonly Difference[];
	}[];
	/** What was different in the world of the second build, and what could not be changed here. */
	readonly varied: readonly string[];
	readonly kept: readonly string[];
	/** The report for people. */
	readonly text: string;
}

/** A second build of another commit would compare two different things. */
const checkSource = ({ manifest }: Release, { source }: SourceFacts): void => {
	if (manifest.source.commit === source.commit) return;
	throw new SlipwayError<BuildCode>(
		'BUILD_SOURCE_MOVED',
		`the Release was built from ${manifest.source.commit ?? 'a folder without git'}, the project is at ${source.commit ?? 'no commit'} now`,
		{ hint: `Check out ${manifest.source.commit ?? 'the same files'} and try again, or build again.` },
	);
};

const compareAll = async (
	{ folder, manifest }: Release,
	second: readonly MadeFile[],
): Promise<Reproduction['artifacts']> => {
	const left = new Map(second.map(({ fileName, bytes }) => [fileName, bytes]));
	const compared: Reproduction['artifacts'][number][] = [];
	for (const artifact of manifest.artifacts) {
		const bytes = left.get(artifact.name);
		left.delete(artifact.name);
		const { name } = artifact;
		if (!bytes) {
			compared.push({ name, verdict: 'missing', differences: [] });
			continue;
		}
		const differences = await compareArtifacts(name, await readArtifact(folder, artifact), bytes);
		compared.push({ name, verdict: differences.length === 0 ? 'identical' : 'differs', differences });
	}
	for (const name of left.keys()) compared.push({ name, verdict: 'added', differences: [] });
	return compared;
};

/** Makers are functions of this process: the world of the commands never reaches them. */
const toKept = ({ makers }: BuildRequest, { kept }: VariedWorld): readonly string[] =>
	makers.length === 0
		? kept
		: [
				...kept,
				'packing of .tgz and .deb: the same process; their bytes are checked for independence by tests',
			];

/** The name is longer than any that people give a project, so that the length of the path differs too. */
const COPY_NAME = 'a-second-build-of-the-same-project-in-a-folder-of-another-name-and-length';

const buildAgain = async (
	request: BuildRequest,
	release: Release,
	place: { readonly root: string; readonly epoch: number },
	context: Context,
): Promise<{ files: readonly MadeFile[]; world: VariedWorld }> => {
	const { projectFolder, version, environment, releaseFolder } = request;
	const copy = join(place.root, COPY_NAME);
	const first = toBuildEnvironment(environment, place.epoch);
	const world = await toVariedWorld(first, join(place.root, 'home'));
	const builtSince = await readBuildStart(release);
	await linkDependencies(projectFolder, place.root);
	await copyProject(
		{ from: projectFolder, to: copy, without: [releaseFolder, context.tempDir], builtSince, environment },
		context,
	);
	const files = await makeFiles(
		request,
		{ projectFolder: copy, version, epoch: place.epoch, environment: world.environment, wrap: world.wrap },
		context,
	);
	return { files, world };
};

/**
 * Builds a copy of the project a second time in a varied world and compares every artifact with the Release byte for
 * byte. The Release stays as it is, but for the record of this stage.
 * @throws SlipwayError BUILD_*, RELEASE_*, and what makers throw
 */
export const reproduce = async (request: BuildRequest, context: Context): Promise<Reproduction> => {
	const start = context.clock.now();
	const release = await readRelease(request.releaseFolder);
	const facts = await readSource(request.projectFolder, request.environment, context);
	checkSource(release, facts);
	const root = await mkdtemp(join(context.tempDir, 'reproduce-'));
	try {
		const { files, world } = await buildAgain(request, release, { root, epoch: facts.epoch }, context);
		const artifacts = await compareAll(release, files);
		const varied = ['folder, with a longer name', 'order and time in which files were made', ...world.varied];
		const identical = artifacts.every(({ verdict }) => verdict === 'identical');
		const reproduction = { identical, artifacts, varied, kept: toKept(request, world) };
		const text = toReproductionText(reproduction);
		const notes = text.split('\n').slice(0, 200);
		const end = context.clock.now();
		const { tool } = request;
		await writeStage(release, 'reproduce', {
			tool,
			start,
			end,
			inputs: release.manifest.artifacts,
			outputs: release.manifest.artifacts.filter((_, index) => artifacts[index]?.verdict === 'identical'),
			notes,
		});
		return { ...reproduction, text };
	} finally {
		await rm(root, { recursive: true, force: true });
	}
};
