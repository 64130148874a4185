import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile, type Release } from '@slipway/archive';
import { parseManifest, toCanonicalJson } from '@slipway/core';
import { type LinkProblem, toProblem } from './problem.ts';

/** Both digests of a file, lower-case hexadecimal. */
export interface FileDigest {
	readonly sha256: string;
	readonly sha512: string;
}

/** A file of a Release as it lies there now. */
export interface FolderFile {
	readonly path: string;
	/** Bytes. */
	readonly size: number;
	readonly digest: FileDigest;
	/** Null for artifacts, which may be large. */
	readonly bytes: Uint8Array | null;
}

/** Everything that a Release folder holds, read and hashed once. */
export interface Evidence {
	readonly manifest: Release['manifest'];
	readonly files: ReadonlyMap<string, FolderFile>;
	/** Files that could not be taken in: links, folders of devices, too large, too many. */
	readonly problems: readonly LinkProblem[];
}

const MANIFEST = 'manifest.json';
const MAX_FILES = 20_000;
/** Of a record, an SBOM or a bundle, which holds an SBOM in base64. */
const MAX_BYTES = 64 * 1024 * 1024;

const toHash = (name: string, bytes: Uint8Array): string => createHash(name).update(bytes).digest('hex');

const readOne = async (folder: string, path: string): Promise<FolderFile | LinkProblem> => {
	const file = join(folder, path);
	const stats = await lstat(file);
	if (!stats.isFile())
		return toProblem('VERIFY_CHAIN_UNKNOWN', path, 'expected a plain file, got a link or a device');
	if (path.startsWith('artifacts/')) {
		const { size, digest } = await hashFile(file);
		return { path, bytes: null, size, digest: { sha256: digest.sha256, sha512: digest.sha512 ?? '' } };
	}
	if (stats.size > MAX_BYTES)
		return toProblem('VERIFY_CHAIN_CHANGED', path, `expected at most ${MAX_BYTES} bytes, got ${stats.size}`);
	const bytes = await readFile(file);
	const digest = { sha256: toHash('sha256', bytes), sha512: toHash('sha512', bytes) };
	return { path, bytes, size: bytes.length, digest };
};

const listPaths = async (folder: string): Promise<string[]> => {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => !entry.isDirectory())
		.map((entry) =>
			join(entry.parentPath, entry.name)
				.slice(folder.length + 1)
				.replaceAll('\\', '/'),
		)
		.sort();
};

/** The manifest was parsed before: what is signed is the file as it is hashed now, and both must say the same. */
const checkManifest = (manifest: Release['manifest'], file: FolderFile | undefined): LinkProblem[] => {
	try {
		const present = file?.bytes && parseManifest(file.bytes);
		if (present && toCanonicalJson(present) === toCanonicalJson(manifest)) return [];
	} catch {
		// what can be no manifest is not the one that was read
	}
	return [toProblem('VERIFY_CHAIN_CHANGED', MANIFEST, 'is not the manifest that was read a moment ago')];
};

/** Reads and hashes every file of a Release folder. Nothing is believed yet. */
export const readEvidence = async ({ folder, manifest }: Release): Promise<Evidence> => {
	const paths = await listPaths(folder);
	const problems: LinkProblem[] = [];
	const files = new Map<string, FolderFile>();
	if (paths.length > MAX_FILES)
		return {
			manifest,
			files,
			problems: [
				toProblem('VERIFY_CHAIN_UNKNOWN', folder, `expected at most ${MAX_FILES} files, got ${paths.length}`),
			],
		};
	for (const path of paths) {
		const found = await readOne(folder, path);
		if ('code' in found) problems.push(found);
		else files.set(path, found);
	}
	return { manifest, files, problems: [...problems, ...checkManifest(manifest, files.get(MANIFEST))] };
};
