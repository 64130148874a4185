import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
	type Artifact,
	type Digest,
	isSameDigest,
	type Manifest,
	MEDIA_TYPES,
	parseManifest,
} from '@slipway/core';
import { verifyArchiveFile } from '../read/verify-file.ts';
import { toReleaseError } from './error.ts';
import { type FileToHash, type HashedFile, hashBytesOf, hashFile, hashFiles } from './hash-file.ts';

/** A Release folder whose manifest has been read. Its bytes are checked each time they are used. */
export interface Release {
	/** Absolute. */
	readonly folder: string;
	readonly manifest: Manifest;
}

/** Everything below artifacts/ has to be in the manifest: what is not listed has not been tested or gated. */
const checkListing = async (folder: string, manifest: Manifest): Promise<void> => {
	const listed = new Set(manifest.artifacts.map(({ path }) => path));
	const entries = await readdir(join(folder, 'artifacts'), { recursive: true, withFileTypes: true }).catch(
		() => [],
	);
	for (const entry of entries) {
		const path = join(entry.parentPath, entry.name)
			.slice(folder.length + 1)
			.replaceAll('\\', '/');
		if (!entry.isDirectory() && !listed.has(path)) {
			throw toReleaseError(
				'RELEASE_UNKNOWN_FILE',
				`expected only files that the manifest lists, got ${JSON.stringify(path.slice(0, 300))}`,
			);
		}
	}
};

/**
 * Reads a Release folder: its manifest, and that nothing lies in artifacts/ that the manifest does not list.
 * @throws SlipwayError RELEASE_MANIFEST_MISSING, RELEASE_UNKNOWN_FILE, MANIFEST_*, JSON_*
 */
export const readRelease = async (folder: string): Promise<Release> => {
	const path = resolve(folder);
	const text = await readFile(join(path, 'manifest.json')).catch((cause) => {
		throw toReleaseError(
			'RELEASE_MANIFEST_MISSING',
			`expected a Release with manifest.json in ${path}`,
			cause,
		);
	});
	const manifest = parseManifest(text);
	await checkListing(path, manifest);
	return { folder: path, manifest };
};

const checkHash = (artifact: Artifact, found: HashedFile): void => {
	if (found.size === artifact.size && isSameDigest(found.digest, artifact.digest)) return;
	throw toReleaseError(
		'RELEASE_ARTIFACT_CHANGED',
		`expected ${artifact.path} with ${artifact.size} bytes and sha256 ${artifact.digest.sha256}, got ${found.size} bytes and sha256 ${found.digest.sha256}`,
	);
};

/** The place of an artifact that is a plain file of the announced size: no link, no folder, nothing huge. */
const locate = async (folder: string, artifact: Artifact): Promise<string> => {
	const path = resolve(folder, artifact.path);
	const stats = await lstat(path).catch((cause) => {
		throw toReleaseError(
			'RELEASE_ARTIFACT_MISSING',
			`expected ${artifact.path} in ${folder}, found none`,
			cause,
		);
	});
	if (!stats.isFile()) {
		throw toReleaseError('RELEASE_ARTIFACT_CHANGED', `expected ${artifact.path} to be a plain file`);
	}
	if (stats.size !== artifact.size) {
		throw toReleaseError(
			'RELEASE_ARTIFACT_CHANGED',
			`expected ${artifact.path} with ${artifact.size} bytes, got ${stats.size}`,
		);
	}
	return path;
};

/**
 * The bytes of an artifact, hashed after they were read: what this returns is what the manifest names.
 * @throws SlipwayError RELEASE_ARTIFACT_MISSING, RELEASE_ARTIFACT_CHANGED
 */
export const readArtifact = async (folder: string, artifact: Artifact): Promise<Uint8Array> => {
	const bytes = await readFile(await locate(folder, artifact));
	checkHash(artifact, hashBytesOf({ bytes, sha512: artifact.digest.sha512 !== undefined }));
	return bytes;
};

/** Of a .deb, whose own reader sets narrower ones. */
const DEB_LIMITS = { maxEntries: 200_000, absoluteLinks: true };

/**
 * The bytes of a package that somebody is going to look into: a large one is looked through before it is held, so that
 * a hostile one costs little memory.
 * @throws SlipwayError ARCHIVE_*, and as `readArtifact`
 */
export const readArchive = async (folder: string, artifact: Artifact): Promise<Uint8Array> => {
	const limits = artifact.mediaType === MEDIA_TYPES.deb ? DEB_LIMITS : {};
	const isPackage = artifact.mediaType === MEDIA_TYPES.deb || artifact.mediaType === MEDIA_TYPES.npm;
	if (isPackage) await verifyArchiveFile(await locate(folder, artifact), limits);
	return readArtifact(folder, artifact);
};

/**
 * The absolute path of an artifact after its bytes were hashed, for programs that read files themselves.
 * @throws SlipwayError RELEASE_ARTIFACT_MISSING, RELEASE_ARTIFACT_CHANGED
 */
export const readArtifactPath = async (folder: string, artifact: Artifact): Promise<string> => {
	const path = await locate(folder, artifact);
	const [hashed] = await hashFiles([{ path, sha512: artifact.digest.sha512 !== undefined }]);
	checkHash(artifact, hashed as HashedFile);
	return path;
};

/**
 * Both digests of an artifact, whichever of them the manifest names.
 * @throws SlipwayError RELEASE_ARTIFACT_MISSING, RELEASE_ARTIFACT_CHANGED
 */
export const readDigests = async (folder: string, artifact: Artifact): Promise<Required<Digest>> => {
	const hashed = await hashFile(await locate(folder, artifact));
	checkHash(artifact, hashed);
	return hashed.digest;
};

/**
 * Hashes every artifact of a Release.
 * @throws SlipwayError RELEASE_ARTIFACT_MISSING, RELEASE_ARTIFACT_CHANGED
 */
export const verifyRelease = async ({ folder, manifest }: Release): Promise<void> => {
	const files: FileToHash[] = [];
	for (const artifact of manifest.artifacts)
		files.push({
			path: await locate(folder, artifact),
			sha512: artifact.digest.sha512 !== undefined,
		});
	const hashed = await hashFiles(files);
	for (const [index, artifact] of manifest.artifacts.entries())
		checkHash(artifact, hashed[index] as HashedFile);
};
