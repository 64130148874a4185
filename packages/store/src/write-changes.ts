import { dirname, join, relative } from 'node:path';
import { makeFolder, removeQuietly, sweepTemporaries, syncFolder, writeTemporary } from './durable-file.ts';
import { withFolderLock } from './folder-lock.ts';
import { applyStep, readCurrent, type Step, toStep } from './step.ts';
import type { Change, WriteGuard, WriteOutcome } from './store.ts';
import { toErrno, toStoreError } from './store-error.ts';
import { checkChanges, findPlace, PRIVATE_FOLDER } from './store-path.ts';

/** Files written and synced at once: syncs that wait together share one journal commit of the file system. */
const PARALLEL = 8;

export interface Writer {
	/** Absolute. */
	readonly root: string;
	readonly lockWaitMs: number;
	readonly guard: WriteGuard;
}

/** Store.write on a folder; the order of its system calls is argued in docs/adr/0001-directory-store-compare-and-set.md. */
export const writeChanges = async (writer: Writer, changes: readonly Change[]): Promise<WriteOutcome> => {
	checkChanges(changes);
	if (changes.length === 0) return { outcome: 'written' };
	await writer.guard();
	const folder = await attempt(writer.root, () => openPrivateFolder(writer.root));
	const task = () => applyAll(writer, folder, changes);
	return changes.some(needsLock) ? withFolderLock(join(folder, 'lock'), writer.lockWaitMs, task) : task();
};

/** Creating is decided by link(2) alone, so that a claim in a journal never waits for anybody. */
const needsLock = (change: Change): boolean =>
	change.kind === 'put' || change.kind === 'remove' || (change.kind === 'replace' && change.version !== null);

const attempt = async <T>(path: string, task: () => Promise<T>): Promise<T> => {
	try {
		return await task();
	} catch (thrown) {
		throw toStoreError('write', path, thrown);
	}
};

const openPrivateFolder = async (root: string): Promise<string> => {
	const folder = await findPlace(root, PRIVATE_FOLDER);
	const made = await makeFolder(folder);
	if (made.length === 0) await sweepTemporaries(folder, Date.now());
	await inParallel(made, (one) => syncFolder(dirname(one)));
	return folder;
};

const applyAll = async (
	writer: Writer,
	folder: string,
	changes: readonly Change[],
): Promise<WriteOutcome> => {
	const steps = await inParallel(changes, (change) =>
		attempt(change.path, () => prepare(writer.root, change)),
	);
	const conflict = steps.find((step) => step.verdict === 'conflict');
	if (conflict) return { outcome: 'conflict', path: conflict.change.path };
	const temporaries = new Map<Step, string>();
	try {
		await inParallel(steps, (step) =>
			attempt(step.change.path, () => writeTemporaryOf(step, folder, temporaries)),
		);
		return await applyInOrder(writer, steps, temporaries);
	} finally {
		await inParallel([...temporaries.values()], removeQuietly);
	}
};

const prepare = async (root: string, change: Change): Promise<Step> => {
	const place = await findPlace(root, change.path);
	return toStep(change, place, await readCurrent(place), Date.now());
};

const writeTemporaryOf = async (
	step: Step,
	folder: string,
	temporaries: Map<Step, string>,
): Promise<void> => {
	if (step.verdict === 'done' || step.change.kind === 'remove') return;
	temporaries.set(step, await writeTemporary(folder, step.change.bytes, step.modified));
};

/** The last change is the switch: all before it are durable when it is made. */
const applyInOrder = async (
	writer: Writer,
	steps: readonly Step[],
	temporaries: Map<Step, string>,
): Promise<WriteOutcome> => {
	for (const batch of [steps.slice(0, -1), steps.slice(-1)]) {
		for (const step of batch.filter(({ verdict }) => verdict === 'apply')) {
			await writer.guard();
			const outcome = await attempt(step.change.path, () => applyStep(step, temporaries.get(step)));
			temporaries.delete(step);
			if (outcome === 'conflict') return { outcome: 'conflict', path: step.change.path };
		}
		const folders = batch.map(({ place }) => dirname(place));
		await attempt(writer.root, () => syncFolders(dirname(writer.root), folders));
	}
	return { outcome: 'written' };
};

/**
 * Makes the names in `folders` durable, and those of the folders themselves up to `top`: also of a folder or file that
 * another process made and was killed before it could say so. A folder without news costs next to nothing.
 */
const syncFolders = async (top: string, folders: readonly string[]): Promise<void> => {
	const all = new Set(folders.flatMap((folder) => toAncestors(top, folder)));
	await inParallel([...all], (folder) => syncIfPresent(folder, top));
};

const toAncestors = (top: string, folder: string): readonly string[] =>
	folder === top || relative(top, folder).startsWith('..')
		? [top]
		: [folder, ...toAncestors(top, dirname(folder))];

/** Absent: nothing was made there (a removal of what is absent). The folder around the store may be somebody else's. */
const syncIfPresent = async (folder: string, top: string): Promise<void> => {
	await syncFolder(folder).catch((thrown) => {
		const errno = toErrno(thrown);
		if (errno !== 'ENOENT' && !(folder === top && errno === 'EACCES')) throw thrown;
	});
};

const inParallel = async <T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> => {
	const results: R[] = [];
	for (let start = 0; start < items.length; start += PARALLEL)
		results.push(...(await Promise.all(items.slice(start, start + PARALLEL).map(task))));
	return results;
};
