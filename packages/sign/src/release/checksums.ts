import { randomUUID } from 'node:crypto';
import { lstat, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes, hashFile, type Release } from '@slipway/archive';
import { findPathProblem, toPrintable } from '@slipway/core';
import { toSignError } from '../code.ts';
import type { NamedFile } from '../predicate/statements.ts';

export const CHECKSUMS = 'SHA256SUMS';

const unsafe = (path: string, problem: string): Error =>
	toSignError(
		'SIGN_RELEASE_UNSAFE',
		`expected plain files in the Release, but ${JSON.stringify(toPrintable(path, 200))} ${problem}`,
		{
			hint: 'Nothing was signed. Find out who put it there, and get the Release folder again from where it was built.',
		},
	);

const hashPlainFile = async (folder: string, path: string): Promise<NamedFile> => {
	const problem = findPathProblem(path);
	if (problem) throw unsafe(path, problem);
	if (!(await lstat(join(folder, path))).isFile()) throw unsafe(path, 'is no plain file');
	const { sha256 } = (await hashFile(join(folder, path))).digest;
	return { name: path, digest: { sha256 } };
};

/**
 * The SBOM files of a Release by digest, sorted by name.
 * @throws SlipwayError SIGN_RELEASE_UNSAFE
 */
export const readSbomFiles = async ({ folder }: Pick<Release, 'folder'>): Promise<NamedFile[]> => {
	const names = await readdir(join(folder, 'sbom')).catch(() => []);
	const files: NamedFile[] = [];
	for (const name of names.sort()) files.push(await hashPlainFile(folder, `sbom/${name}`));
	return files;
};

/**
 * The manifest by digest: it says which package each artifact is, and nothing else that is signed holds its bytes.
 * @throws SlipwayError SIGN_RELEASE_UNSAFE
 */
export const readManifestFile = ({ folder }: Pick<Release, 'folder'>): Promise<NamedFile> =>
	hashPlainFile(folder, 'manifest.json');

/** Puts a file in its place whole, with the time of the Release. */
export const placeFile = async (folder: string, path: string, bytes: Uint8Array): Promise<void> => {
	const temporary = join(folder, `.${path.replaceAll('/', '-')}.${randomUUID()}`);
	await writeFile(temporary, bytes, { mode: 0o644 });
	const { mtime } = await stat(join(folder, 'manifest.json'));
	await utimes(temporary, mtime, mtime);
	await rename(temporary, join(folder, path));
};

/**
 * Writes SHA256SUMS over artifacts and SBOMs, in the form that `sha256sum -c` reads inside the Release folder; left alone
 * where it says the same already.
 * @returns its name and digest
 */
export const writeChecksums = async (
	{ folder, manifest }: Release,
	sboms: readonly NamedFile[],
): Promise<NamedFile> => {
	const artifacts = manifest.artifacts.map(({ path, digest }) => ({ name: path, digest }));
	const text = [...artifacts, ...sboms].map(({ name, digest }) => `${digest.sha256}  ${name}\n`).join('');
	const bytes = Buffer.from(text);
	const present = await readFile(join(folder, CHECKSUMS)).catch(() => undefined);
	if (!present?.equals(bytes)) await placeFile(folder, CHECKSUMS, bytes);
	return { name: CHECKSUMS, digest: { sha256: hashBytes(bytes).digest.sha256 } };
};
