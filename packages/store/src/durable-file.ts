import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toErrno } from './store-error.ts';

const PREFIX = 'new-';
const STALE_AFTER_MS = 3_600_000;

/** A new file in `folder` that holds `bytes` durably under a name that nobody uses again. `modified`: seconds since 1970. */
export const writeTemporary = async (
	folder: string,
	bytes: Uint8Array,
	modified?: number,
): Promise<string> => {
	const path = join(folder, `${PREFIX}${randomBytes(16).toString('hex')}`);
	const file = await open(path, 'wx', 0o644);
	try {
		await file.writeFile(bytes);
		if (modified !== undefined) await file.utimes(modified, modified);
		await file.sync();
	} catch (thrown) {
		await removeQuietly(path);
		throw thrown;
	} finally {
		await file.close();
	}
	return path;
};

export const removeQuietly = async (path: string): Promise<void> => {
	await unlink(path).catch(() => undefined);
};

/**
 * Removes files of writers that died before they were done: those unchanged for an hour by the file system's own
 * change time. A writer that is alive after all finds its file gone and writes it again, so this is never unsafe.
 */
export const sweepTemporaries = async (folder: string, now: number): Promise<void> => {
	const names = (await readdir(folder)).filter((name) => name.startsWith(PREFIX));
	for (const path of names.map((name) => join(folder, name))) {
		const { ctimeMs } = await stat(path).catch(() => ({ ctimeMs: now }));
		if (now - ctimeMs > STALE_AFTER_MS) await removeQuietly(path);
	}
};

/** Makes names that were added to or removed from a folder durable. No-op where folders cannot be synced (Windows). */
export const syncFolder = async (folder: string): Promise<void> => {
	if (process.platform === 'win32') return;
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} catch (thrown) {
		if (!['EINVAL', 'ENOTSUP'].includes(toErrno(thrown) ?? '')) throw thrown;
	} finally {
		await handle.close();
	}
};

/**
 * Creates a folder with its parents and gives those that it made, outermost first. (Node's own recursive mkdir reports
 * ENOENT where the cause is a read-only file system.)
 */
export const makeFolder = async (folder: string): Promise<readonly string[]> => {
	try {
		await mkdir(folder);
		return [folder];
	} catch (thrown) {
		const errno = toErrno(thrown);
		if (errno === 'ENOENT') return [...(await makeFolder(dirname(folder))), ...(await makeFolder(folder))];
		if (errno === 'EEXIST' && (await stat(folder)).isDirectory()) return [];
		throw thrown;
	}
};
