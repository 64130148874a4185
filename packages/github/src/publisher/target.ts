import { hashBytes } from '@slipway/archive';
import {
	type Artifact,
	type Context,
	SlipwayError,
	type Source,
	type Subject,
	toPrereleaseTag,
	toPurl,
} from '@slipway/core';
import type { GithubTarget } from '@slipway/core/config';
import type { GitHubCode } from '../code.ts';
import type { Signer } from '../notes/sections.ts';
import type { ReleaseFile } from '../release/asset-file.ts';
import type { GitHubRest } from '../rest/rest.ts';

/** What all verbs of one GitHub publisher share. */
export interface Target {
	readonly id: string;
	readonly rest: GitHubRest;
	readonly tagPrefix: string;
	readonly notes: GithubTarget['notes'];
	readonly project: string;
	/** The one that names the release. */
	readonly version: string;
	/** False where another job of the same release holds the right to write. */
	readonly needsCredentials: boolean;
	/** Where the bytes come from; undefined where no Release lies here. */
	source(): Promise<Source | undefined>;
	readArtifact(artifact: Artifact): Promise<Uint8Array>;
	/** What goes along with the artifacts: SBOMs, checksums, bundles. Read once. */
	extras(): Promise<readonly ReleaseFile[]>;
	/** Who signed the artifacts; undefined where nobody did. */
	signer(): Promise<Signer | undefined>;
	/** The draft of this release, once it was seen. */
	readonly seen: { draft?: number | undefined };
}

/** The pointer that the newest final version moves. */
export const LATEST = 'latest';
/** The pointer of a release that moves nothing but itself: from nothing to published. */
export const OWN = 'release';

export const toTag = ({ tagPrefix }: Pick<Target, 'tagPrefix'>, version: string): string =>
	tagPrefix + version;

export const isPrerelease = (version: string): boolean => toPrereleaseTag(version) !== undefined;

/** Names of repositories have no case (purl-spec, type github). */
export const toRepositoryPurl = ({ repository }: GitHubRest, version?: string): string => {
	const [namespace = '', name = ''] = repository.toLowerCase().split('/');
	return toPurl({ type: 'github', namespace, name, version });
};

const changed = (name: string, detail: string): SlipwayError =>
	new SlipwayError<GitHubCode>('GITHUB_ARTIFACT_CHANGED', `${name}: ${detail}`, {
		hint: 'The bytes are not those that were built and tested. Fetch the Release again, or build a new version.',
	});

/** An artifact as a file of the release; reading compares it with the plan. */
export const toReleaseFile = (target: Target, artifact: Artifact): ReleaseFile => ({
	...artifact,
	read: async () => {
		const bytes = await target.readArtifact(artifact);
		const { size, digest } = hashBytes(bytes);
		if (size === artifact.size && digest.sha256 === artifact.digest.sha256) return bytes;
		throw changed(artifact.name, `expected sha256 ${artifact.digest.sha256}, got ${digest.sha256}`);
	},
});

/** Everything that a release of these artifacts has to hold, artifacts first. */
export const toFiles = async (
	target: Target,
	artifacts: readonly Artifact[],
): Promise<readonly ReleaseFile[]> => [
	...artifacts.map((artifact) => toReleaseFile(target, artifact)),
	...(await target.extras()),
];

/** The target's API under the time and cancellation of one call. */
export const restOf = ({ rest }: Target, context: Context): GitHubRest => rest.within(context);

/** What people read. */
export const toName = (target: Target, { pointer }: Pick<Subject, 'pointer'>): string =>
	`${target.rest.repository} ${pointer.next}`;
