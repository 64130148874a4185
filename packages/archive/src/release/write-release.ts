import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
	findPathProblem,
	type Manifest,
	type StageRecord,
	toCanonicalJson,
	toManifestText,
	toPrintable,
} from '@slipway/core';
import { toReleaseError } from './error.ts';
import { type Release, readRelease, verifyRelease } from './read-release.ts';

export interface ReleaseDraft {
	readonly manifest: Manifest;
	/** Where the bytes of each artifact lie now, by artifact name. Copied, never moved, and hashed again after. */
	readonly files: Readonly<Record<string, string>>;
	readonly records: readonly StageRecord[];
	/** Time of every file, seconds since 1970 (SOURCE_DATE_EPOCH). */
	readonly epoch: number;
}

/** Where the record of a stage lies: one a stage and platform. */
export const toRecordPath = ({ stage, platform }: StageRecord): string =>
	`records/${stage}-${platform.os}-${platform.arch}.json`;

/** Records of several runners of one platform get numbers. */
const toRecordPaths = (records: readonly StageRecord[]): ReadonlyMap<string, StageRecord> => {
	const placed = new Map<string, StageRecord>();
	for (const record of records) {
		const path = toRecordPath(record);
		let free = path;
		for (let number = 2; placed.has(free); number += 1) free = path.replace(/\.json$/, `-${number}.json`);
		placed.set(free, record);
	}
	return placed;
};

/** In the form that `sha256sum -c` reads inside the Release folder. */
const toChecksums = ({ artifacts }: Manifest): string =>
	artifacts.map(({ digest, path }) => `${digest.sha256}  ${path}\n`).join('');

/** Whatever a path is made of, it stays inside the folder. @throws SlipwayError RELEASE_PATH_UNSAFE */
const place = async (root: string, path: string, content: string | { copyOf: string }): Promise<void> => {
	const problem = findPathProblem(path);
	if (problem)
		throw toReleaseError(
			'RELEASE_PATH_UNSAFE',
			`expected a path inside the Release, but ${JSON.stringify(toPrintable(path, 200))} ${problem}`,
		);
	const target = join(root, path);
	await mkdir(dirname(target), { recursive: true });
	if (typeof content === 'string') await writeFile(target, content, { mode: 0o644 });
	else await copyFile(content.copyOf, target);
};

const setTimes = async (root: string, epoch: number): Promise<void> => {
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	for (const entry of entries) await utimes(join(entry.parentPath, entry.name), epoch, epoch);
	await utimes(root, epoch, epoch);
};

/** Only an empty folder or an older Release makes way. */
const checkVacant = async (folder: string): Promise<boolean> => {
	const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return undefined;
		throw toReleaseError('RELEASE_FOLDER_OCCUPIED', `expected ${folder} to be a folder`, error);
	});
	if (entries && entries.length > 0 && !entries.includes('manifest.json')) {
		throw toReleaseError(
			'RELEASE_FOLDER_OCCUPIED',
			`expected ${folder} to be empty or a Release, but it holds ${JSON.stringify(entries[0])}`,
		);
	}
	return entries !== undefined;
};

const replaceFolder = async (from: string, folder: string): Promise<void> => {
	const old = (await checkVacant(folder)) ? `${from}.old` : undefined;
	if (old) await rename(folder, old);
	await rename(from, folder);
	if (old) await rm(old, { recursive: true, force: true });
};

/**
 * Writes a Release folder whole: into a new folder beside it, hashed, then renamed into place, so that nobody ever
 * sees half of one. An older Release there is replaced.
 * @throws SlipwayError RELEASE_FOLDER_OCCUPIED, RELEASE_ARTIFACT_MISSING, RELEASE_ARTIFACT_CHANGED, RELEASE_PATH_UNSAFE
 */
export const writeRelease = async (folder: string, draft: ReleaseDraft): Promise<Release> => {
	const target = resolve(folder);
	await checkVacant(target);
	const temporary = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
	const { manifest, files, records, epoch } = draft;
	try {
		for (const artifact of manifest.artifacts) {
			const source = files[artifact.name];
			if (source === undefined)
				throw toReleaseError('RELEASE_ARTIFACT_MISSING', `expected a file for ${artifact.name}, got none`);
			await place(temporary, artifact.path, { copyOf: source });
		}
		await verifyRelease({ folder: temporary, manifest });
		for (const [path, record] of toRecordPaths(records))
			await place(temporary, path, `${toCanonicalJson(record)}\n`);
		await place(temporary, 'SHA256SUMS', toChecksums(manifest));
		await place(temporary, 'manifest.json', toManifestText(manifest));
		await setTimes(temporary, epoch);
		await replaceFolder(temporary, target);
	} catch (error) {
		await rm(temporary, { recursive: true, force: true });
		throw error;
	}
	return readRelease(target);
};

/**
 * Adds the record of a stage to a Release, replacing that of an earlier run on the same platform.
 * @returns its path in the folder
 * @throws SlipwayError RELEASE_PATH_UNSAFE
 */
export const writeStageRecord = async (folder: string, record: StageRecord): Promise<string> => {
	const path = toRecordPath(record);
	const temporary = `${path}.${randomUUID()}.tmp`;
	await place(folder, temporary, `${toCanonicalJson(record)}\n`);
	await rename(join(folder, temporary), join(folder, path));
	return path;
};
