import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { compareTarNames, readTar, type TarEntry, toTarBytes } from '@slipway/archive';
import { SlipwayError, toPrintable } from '@slipway/core';
import type { RunnerCode } from './runner-error.ts';

const readEntry = async (folder: string, path: string): Promise<TarEntry> => ({
	type: 'file',
	name: relative(folder, path).split(sep).join('/'),
	mode: 0o644,
	content: await readFile(path),
});

/** Files of a folder, sorted by name, with fixed owners, modes and times: the same files give the same bytes everywhere. */
const packFiles = async (folder: string, isPart: (name: string) => boolean): Promise<TarEntry[]> => {
	const found = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const entries = await Promise.all(files.map((path) => readEntry(folder, path)));
	return entries.filter(({ name }) => isPart(name)).sort((a, b) => compareTarNames(a.name, b.name));
};

/** One tar file with all files of a Release folder. The same Release gives the same bytes on every machine. */
export const packRelease = async (folder: string): Promise<Uint8Array> =>
	toTarBytes(await packFiles(folder, () => true), { mtime: 0 });

/** What a store keeps for itself in the folder of an outbox. */
const isOfStore = (name: string): boolean => name.split('/').some((part) => part.startsWith('.'));

/** One tar file with what a job has left in its outbox; undefined where that is nothing. */
export const packOutbox = async (folder: string): Promise<Uint8Array | undefined> => {
	const entries = await packFiles(folder, (name) => !isOfStore(name));
	return entries.length > 0 ? toTarBytes(entries, { mtime: 0 }) : undefined;
};

/**
 * Writes the files of a packed Release into a new folder. Paths were checked by the reader; nothing but plain files
 * is taken. Whoever uses the Release hashes it again.
 * @throws SlipwayError RUNNER_ARTIFACT_INVALID, ARCHIVE_*
 */
export const unpackRelease = async (bytes: Uint8Array, folder: string): Promise<void> => {
	for (const { path, type, bytes: content } of readTar(bytes)) {
		if (type !== 'file')
			throw new SlipwayError<RunnerCode>(
				'RUNNER_ARTIFACT_INVALID',
				`expected only files in a Release, got ${type} ${toPrintable(path, 200)}`,
				{ hint: 'Take the artifact that build-once uploaded.' },
			);
		const target = join(folder, path);
		await mkdir(dirname(target), { recursive: true });
		await writeFile(target, content, { flag: 'wx' });
	}
};
