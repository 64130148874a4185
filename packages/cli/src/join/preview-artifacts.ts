import { type Release, readArchive } from '@slipway/archive';
import { type Artifact, type Context, MEDIA_TYPES, SlipwayError, toMessage } from '@slipway/core';
import type { PreviousVersion } from '@slipway/gate';
import type { PreviewArtifact, PreviewFile } from '@slipway/report';
import { toPreviousReader } from './gate-previous.ts';
import { toPreviousAssetReader } from './preview-assets.ts';
import type { OpenProject } from './project.ts';

/** What users get of an artifact today, or why nobody can tell. */
type Before =
	| { readonly state: 'found'; readonly found: PreviousVersion }
	| { readonly state: 'sized'; readonly before: NonNullable<PreviewArtifact['before']> }
	| { readonly state: 'none' }
	| { readonly state: 'unknown'; readonly reason: string };

/** A comparison that cannot be made is told; it is no reason to show no plan. */
const toReason = (thrown: unknown): string =>
	thrown instanceof SlipwayError ? `${thrown.code} ${thrown.message}` : toMessage(thrown);

interface Looks {
	readonly previous: (artifact: Artifact) => Promise<PreviousVersion | undefined>;
	readonly previousAsset: (artifact: Artifact) => Promise<PreviewArtifact['before']>;
}

const readBefore = async (artifact: Artifact, { previous, previousAsset }: Looks): Promise<Before> => {
	try {
		const found = await previous(artifact);
		if (found) return { state: 'found', found };
		const before = await previousAsset(artifact);
		return before ? { state: 'sized', before } : { state: 'none' };
	} catch (thrown) {
		return { state: 'unknown', reason: toReason(thrown) };
	}
};

const listFiles = async (
	{ release, artifact }: { readonly release: Release; readonly artifact: Artifact },
	found: PreviousVersion | undefined,
	{ tempDir, signal }: Context,
): Promise<PreviewFile[]> => {
	if (artifact.mediaType === MEDIA_TYPES.file) return [];
	const { listFileChanges } = await import('@slipway/gate');
	const unxz = async (bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> => {
		const { unxzLimited } = await import('@slipway/deb');
		return unxzLimited(bytes, maxBytes, { tempDir, signal });
	};
	return listFileChanges(artifact, await readArchive(release.folder, artifact), { previous: found, unxz });
};

const NOTES = { found: null, sized: null, none: 'new' } as const;

const toBefore = (before: Before): PreviewArtifact['before'] => {
	if (before.state === 'sized') return before.before;
	if (before.state !== 'found') return null;
	const { version, bytes, from } = before.found;
	return { version, size: bytes.length, from };
};

/**
 * Every artifact of a Release with its files, compared with what users get of it today: the published tarball, the .deb that
 * the index names, the asset of the latest GitHub release.
 * @throws SlipwayError RELEASE_*, ARCHIVE_*, GATE_PACKAGE_INVALID
 */
export const previewArtifacts = async (
	project: OpenProject,
	release: Release,
	context: Context,
): Promise<Omit<PreviewArtifact, 'targets'>[]> => {
	const looks = {
		previous: toPreviousReader(project, context),
		previousAsset: toPreviousAssetReader(project),
	};
	return Promise.all(
		release.manifest.artifacts.map(async (artifact) => {
			const before = await readBefore(artifact, looks);
			const found = before.state === 'found' ? before.found : undefined;
			return {
				name: artifact.name,
				size: artifact.size,
				sha256: artifact.digest.sha256,
				before: toBefore(before),
				note: before.state === 'unknown' ? `not compared: ${before.reason}` : NOTES[before.state],
				files: await listFiles({ release, artifact }, found, context),
			};
		}),
	);
};
