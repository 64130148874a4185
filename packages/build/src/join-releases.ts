import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
	type Release,
	readArtifactPath,
	readRelease,
	readStageRecords,
	writeRelease,
} from '@slipway/archive';
import { type Artifact, isSameDigest, SlipwayError } from '@slipway/core';
import type { BuildCode } from './code.ts';

const clash = (what: string, one: string, two: string): SlipwayError =>
	new SlipwayError<BuildCode>('BUILD_JOIN_CLASH', `expected one ${what}, got ${one} and ${two}`, {
		hint: 'Join Releases of one commit and version, whose artifacts have names of their own.',
	});

const toShown = ({ folder }: Release, value: unknown): string => `${JSON.stringify(value)} (${folder})`;

/** The same project, version and source everywhere. */
const checkFacts = (first: Release, second: Release): void => {
	for (const fact of ['project', 'version', 'source'] as const) {
		const [one, two] = [first.manifest[fact], second.manifest[fact]];
		if (JSON.stringify(one) !== JSON.stringify(two))
			throw clash(fact, toShown(first, one), toShown(second, two));
	}
};

interface Placed {
	readonly release: Release;
	readonly artifact: Artifact;
}

const toLabel = ({ release, artifact }: Placed): string =>
	`${artifact.name}, ${artifact.purl}, sha256 ${artifact.digest.sha256} (${release.folder})`;

/** Two runners may have made the very same file (an `all` package); anything else with one name or purl clashes. */
const mergeArtifacts = (releases: readonly Release[]): readonly Placed[] => {
	const merged: Placed[] = [];
	for (const release of releases) {
		for (const artifact of release.manifest.artifacts) {
			const placed = { release, artifact };
			const other = merged.find(
				({ artifact: { name, purl } }) =>
					name.toLowerCase() === artifact.name.toLowerCase() || purl === artifact.purl,
			);
			if (!other) merged.push(placed);
			else if (other.artifact.name !== artifact.name || !isSameDigest(other.artifact.digest, artifact.digest))
				throw clash('artifact of that name and package', toLabel(other), toLabel(placed));
		}
	}
	return merged.sort((a, b) => (a.artifact.name < b.artifact.name ? -1 : 1));
};

/**
 * Joins the Releases of several runners into one folder; every artifact is hashed on the way.
 * @throws SlipwayError BUILD_JOIN_CLASH (shows both), RELEASE_*, MANIFEST_*, STAGE_RECORD_INVALID
 */
export const joinReleases = async (folders: readonly string[], out: string): Promise<Release> => {
	const releases = await Promise.all(folders.map(readRelease));
	const [first] = releases;
	if (!first) {
		throw new SlipwayError<BuildCode>(
			'BUILD_NOTHING_BUILT',
			'expected at least one Release to join, got none',
			{
				hint: 'Name the Release folders of the runners.',
			},
		);
	}
	for (const other of releases) checkFacts(first, other);
	const placed = mergeArtifacts(releases);
	const files: Record<string, string> = {};
	for (const { release, artifact } of placed)
		files[artifact.name] = await readArtifactPath(release.folder, artifact);
	const { mtimeMs } = await stat(join(first.folder, 'manifest.json'));
	return writeRelease(out, {
		manifest: { ...first.manifest, artifacts: placed.map(({ artifact }) => artifact) },
		files,
		records: (await Promise.all(releases.map(readStageRecords))).flat().map(({ record }) => record),
		epoch: Math.floor(mtimeMs / 1000),
	});
};
