import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlipwayError, toPrintable } from '@slipway/core';
import type { InitCode } from './code.ts';
import { readProjectFile } from './facts/read-file.ts';

export interface WrittenFile {
	/** Relative to the folder, with `/`. */
	readonly path: string;
	readonly text: string;
	/** What was there when the change was planned; undefined: nothing. */
	readonly seen: string | undefined;
}

/** A link on the way could lead out of the project. @throws SlipwayError INIT_FILE_NOT_PLAIN */
export const checkWay = async (root: string, path: string): Promise<void> => {
	const names = path.split('/');
	for (const [index] of names.entries()) {
		const part = names.slice(0, index + 1).join('/');
		const stats = await lstat(join(root, part)).catch(() => undefined);
		if (stats === undefined) return;
		const isFine = index === names.length - 1 ? stats.isFile() : stats.isDirectory();
		if (isFine) continue;
		throw new SlipwayError<InitCode>(
			'INIT_FILE_NOT_PLAIN',
			`expected ${toPrintable(part, 200)} to be a plain ${index === names.length - 1 ? 'file' : 'folder'}`,
			{ hint: 'Replace the link or device by a plain one, then run slipway init again.' },
		);
	}
};

/** Somebody may have gone on editing while the change was shown. @throws SlipwayError INIT_FILE_CHANGED */
const checkSeen = async (root: string, { path, seen }: WrittenFile): Promise<void> => {
	await checkWay(root, path);
	if ((await readProjectFile(root, path)) === seen) return;
	throw new SlipwayError<InitCode>(
		'INIT_FILE_CHANGED',
		`expected ${toPrintable(path, 200)} as it was looked at, got one that was changed since`,
		{ hint: 'Run slipway init again: it shows the difference to what is there now.' },
	);
};

const writeTemporary = async (path: string, text: string): Promise<string> => {
	await mkdir(dirname(path), { recursive: true });
	const temporary = `${path}.${randomUUID()}.tmp`;
	const file = await open(temporary, 'wx', 0o644);
	try {
		await file.writeFile(text);
		await file.sync();
	} finally {
		await file.close();
	}
	return temporary;
};

/**
 * Writes all files or none: each whole beside its place first, then all are renamed.
 * @throws SlipwayError INIT_FILE_NOT_PLAIN, INIT_FILE_CHANGED, INIT_NOT_WRITTEN
 */
export const writeFiles = async (root: string, files: readonly WrittenFile[]): Promise<void> => {
	for (const { path } of files) await checkWay(root, path);
	const ready: { readonly temporary: string; readonly path: string }[] = [];
	try {
		for (const { path, text } of files) {
			const target = join(root, path);
			ready.push({ temporary: await writeTemporary(target, text), path: target });
		}
		for (const file of files) await checkSeen(root, file);
		for (const { temporary, path } of ready) await rename(temporary, path);
	} catch (cause) {
		for (const { temporary } of ready) await rm(temporary, { force: true });
		if (cause instanceof SlipwayError) throw cause;
		throw new SlipwayError<InitCode>('INIT_NOT_WRITTEN', 'the files could not be written', {
			hint: 'Make the folder writable, with room on its disk, then run slipway init again.',
			cause,
		});
	}
};
