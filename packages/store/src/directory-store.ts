import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { readCurrent } from './step.ts';
import type { Store, StoredFile } from './store.ts';
import { isAbsent, toStoreError } from './store-error.ts';
import { checkStorePath, findPlace, PRIVATE_FOLDER } from './store-path.ts';
import { writeChanges } from './write-changes.ts';

const LOCK_WAIT_MS = 60_000;

/**
 * A Store in a local folder, which is created by the first write. Each file lies at its path, so a web server can serve
 * the folder as it is.
 *
 * - A file appears whole or not at all: its bytes are synced under a temporary name before link(2) (create) or
 *   rename(2) (replace, put) gives it its own, and the folder is synced before `write` reports.
 * - create is decided by link(2) and takes no lock. replace, put and remove hold a lock of the operating system from the
 *   comparison to the rename; it ends with its process, so a killed writer blocks nobody and two never both win.
 * - The modification time of a replaced file always differs from the one before in whole seconds (HTTP's grain, by which
 *   clients ask "changed since?"): where the clock has not moved on, it is the one before plus one second.
 * - `.slipway-store` in its root is its own: lock and unfinished files; those of dead writers go after an hour.
 *
 * One folder is one store: not two stores in folders one of which holds the other. Symbolic links out of the folder are
 * refused and never listed.
 */
export const directoryStore = (
	folder: string,
	options: {
		/** How long a write waits for another writer before STORE_BUSY. Default 60 s. */
		readonly lockWaitMs?: number;
	} = {},
): Store => {
	const root = resolve(folder);
	const lockWaitMs = options.lockWaitMs ?? LOCK_WAIT_MS;
	return {
		description: `folder ${root}`,
		read: (path) => readFrom(root, path),
		list: (prefix) => listBelow(root, prefix),
		write: (changes, guard = async () => {}) => writeChanges({ root, lockWaitMs, guard }, changes),
	};
};

const readFrom = async (root: string, path: string): Promise<StoredFile | null> => {
	checkStorePath(path);
	try {
		const current = await readCurrent(await findPlace(root, path));
		return current && { bytes: current.bytes, version: current.version };
	} catch (thrown) {
		throw toStoreError('read', path, thrown);
	}
};

const listBelow = async (root: string, prefix: string): Promise<readonly string[]> => {
	if (prefix !== '') checkStorePath(prefix);
	try {
		const folder = prefix === '' ? root : await findPlace(root, prefix);
		if (!(await isFolder(folder))) return [];
		const entries = await readdir(folder, { recursive: true, withFileTypes: true });
		return entries
			.filter((entry) => entry.isFile())
			.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
			.filter((path) => !path.startsWith(`${PRIVATE_FOLDER}/`))
			.sort((a, b) => (a < b ? -1 : 1));
	} catch (thrown) {
		throw toStoreError('read', prefix || root, thrown);
	}
};

const isFolder = async (path: string): Promise<boolean> => {
	try {
		return (await stat(path)).isDirectory();
	} catch (thrown) {
		if (isAbsent(thrown)) return false;
		throw thrown;
	}
};
