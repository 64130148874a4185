import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Release, readDigests, writeStage } from '@slipway/archive';
import type { Artifact, Context, Descriptor } from '@slipway/core';
import type { ReadySbom, Sbom, SbomScore } from '@slipway/sbom';
import type { OpenProject } from './project.ts';
import { readReleaseEpoch } from './sbom-epoch.ts';
import { hashSbomFiles, hasSbomRecord, writeSbomFiles } from './sbom-files.ts';
import { NpmGraphs, readReadySboms, toArtifactRequest } from './sbom-sources.ts';
import { TOOL } from './tool.ts';

/** The SBOMs of one artifact. */
export interface ArtifactSbom {
	readonly artifact: string;
	/** Paths in the Release: CycloneDX, then SPDX. */
	readonly files: readonly string[];
	readonly components: number;
	readonly score: SbomScore;
}

export interface SbomReport {
	readonly sboms: readonly ArtifactSbom[];
	/** The record of the stage was there already and says the same. */
	readonly kept: boolean;
}

const toFiles = ({ name }: Artifact): readonly [string, string] => [
	`sbom/${name}.cdx.json`,
	`sbom/${name}.spdx.json`,
];

interface Making {
	readonly release: Release;
	readonly graphs: NpmGraphs;
	readonly ready: readonly ReadySbom[];
	readonly epoch: number;
}

const make = async (artifact: Artifact, making: Making, context: Context): Promise<Sbom> => {
	const { findReadySboms, makeSbom } = await import('@slipway/sbom');
	const { release, ready, epoch } = making;
	// BSI TR-03183-2 asks for SHA-512 of whatever is delivered.
	const digest = await readDigests(release.folder, artifact);
	const request = await toArtifactRequest({ ...artifact, digest }, making, context);
	const merged = findReadySboms(ready, artifact, release.manifest.artifacts).map(({ part }) => part);
	return makeSbom({ ...request, parts: [...request.parts, ...merged], epoch, tool: TOOL });
};

const toCount = (components: number): string =>
	components === 1 ? '1 component' : `${components} components`;

const leaveRecord = async (
	release: Release,
	outputs: readonly Descriptor[],
	facts: { start: number; end: number; notes: string[] },
): Promise<boolean> => {
	if (await hasSbomRecord(release, outputs)) return true;
	await writeStage(release, 'sbom', { tool: TOOL, ...facts, inputs: release.manifest.artifacts, outputs });
	return false;
};

/**
 * Makes the SBOMs of every artifact of a Release in both formats, from what the project has now, and leaves the record of
 * the stage. The same bytes again: the files and the record stay as they are.
 * @throws SlipwayError SBOM_*, DEB_*, ARCHIVE_*, RELEASE_*, JSON_*
 */
export const makeSboms = async (
	project: OpenProject,
	release: Release,
	context: Context,
): Promise<SbomReport> => {
	const { scoreSbom, toCycloneDx, toSpdx } = await import('@slipway/sbom');
	const start = context.clock.now();
	const epoch = await readReleaseEpoch(project, release.manifest);
	const making: Making = {
		release,
		graphs: new NpmGraphs(project),
		ready: await readReadySboms(project),
		epoch,
	};
	const files = new Map<string, Uint8Array>();
	const sboms: ArtifactSbom[] = [];
	for (const artifact of release.manifest.artifacts) {
		const sbom = await make(artifact, making, context);
		const [cycloneDx, spdx] = toFiles(artifact);
		files.set(cycloneDx, toCycloneDx(sbom)).set(spdx, toSpdx(sbom));
		const score = scoreSbom(sbom);
		context.log.info(
			`SBOM of ${artifact.name}: ${toCount(sbom.components.length)}, score ${score.score} of 10`,
		);
		sboms.push({
			artifact: artifact.name,
			files: [cycloneDx, spdx],
			components: sbom.components.length,
			score,
		});
	}
	const outputs = await writeSbomFiles(release, files, epoch);
	const notes = sboms.map(
		({ artifact, components, score }) => `${artifact}: ${toCount(components)}, score ${score.score} of 10`,
	);
	const kept = await leaveRecord(release, outputs, { start, end: context.clock.now(), notes });
	return { sboms, kept };
};

/** The report about SBOMs that were made earlier, from their own bytes. */
const readReport = async ({ folder, manifest }: Release): Promise<SbomReport> => {
	const { parseReadySbom, scoreSbomFile } = await import('@slipway/sbom');
	const sboms = await Promise.all(
		manifest.artifacts.map(async (artifact): Promise<ArtifactSbom> => {
			const files = toFiles(artifact);
			const bytes = await readFile(join(folder, files[0]));
			const { part } = parseReadySbom(bytes, files[0]);
			return {
				artifact: artifact.name,
				files,
				components: part.components.length,
				score: scoreSbomFile(bytes, files[0]),
			};
		}),
	);
	return { sboms, kept: true };
};

/**
 * The SBOM stage of a release: makes what is missing. Where a record says that the SBOMs in the folder were made of these
 * artifacts they stay, whatever this machine has installed: what was signed and judged is what travels.
 * @throws SlipwayError SBOM_*, DEB_*, ARCHIVE_*, RELEASE_*, JSON_*
 */
export const sbomProject = async (
	project: OpenProject,
	release: Release,
	context: Context,
): Promise<SbomReport> => {
	const there = await hashSbomFiles(release);
	if (there && (await hasSbomRecord(release, there))) return readReport(release);
	return makeSboms(project, release, context);
};
