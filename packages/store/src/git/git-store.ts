import type { Change, Store, StoredFile } from '../store.ts';
import { invalidPath } from '../store-error.ts';
import { checkStorePath } from '../store-path.ts';
import { Blobs } from './blobs.ts';
import { verifyWithinLimits } from './host-limits.ts';
import { type BranchOptions, openBranch } from './open-branch.ts';
import type { RemoteBranch } from './remote-branch.ts';
import { listFiles } from './tree.ts';
import { writeCommit } from './write-commit.ts';

export interface GitStoreOptions extends BranchOptions {
	/** Folder in the branch; default: all of it. */
	readonly folder?: string | undefined;
	/** How long a write tries while others are faster, before STORE_BUSY. Default 60 s. */
	readonly waitMs?: number | undefined;
}

const WAIT_MS = 60_000;

/** `.git`, also as file systems of Windows and macOS would read it: no clone could hold such a path. */
const DOT_GIT = /^(?:\.git[. ]*|git~\d+)$/i;

const checkPath = (path: string): string => {
	if (
		checkStorePath(path)
			.split('/')
			.some((segment) => DOT_GIT.test(segment))
	)
		throw invalidPath(path, 'has a segment that git keeps for itself');
	return path;
};

/**
 * A Store in a branch of a git repository, which is created by the first write. Works with the real git, in a repository
 * of its own: never in a clone of the user.
 *
 * - All changes of one `write` are one commit, pushed without force: that is the compare-and-set. Who is not first judges
 *   every change again on the new commit. A push whose reply was lost is settled by reading the branch.
 * - Every read sees the branch as it is after the call: one short question where nothing has changed. Reads that are made
 *   at the same time share it.
 * - The version of a file is the id of its blob.
 * - Only the newest commit is fetched, large files when they are read; a commit costs what its change costs. What came
 *   before costs nothing, however long it is.
 * - Symbolic links, submodules and files outside `folder` stay as they are.
 */
export const gitStore = (options: GitStoreOptions): Store => {
	const prefix = options.folder === undefined ? '' : `${checkPath(options.folder)}/`;
	const { description, branch, open, pausesMs, limits } = openBranch(options);
	const blobs = new Blobs(open);
	const waitMs = options.waitMs ?? WAIT_MS;
	const inTurn = toQueue();
	return {
		description,
		limits,
		read: async (path) => readFile({ branch, blobs }, prefix + checkPath(path)),
		list: async (folder) => {
			const below = prefix + (folder === '' ? '' : checkPath(folder));
			const tree = await (await branch.refresh()).tree();
			return listFiles(tree, below.replace(/\/$/, '')).map((path) => path.slice(prefix.length));
		},
		readAll: async (folder, isWanted) => {
			const below = prefix + (folder === '' ? '' : checkPath(folder));
			const tree = await (await branch.refresh()).tree();
			const paths = listFiles(tree, below.replace(/\/$/, '')).map((path) => path.slice(prefix.length));
			const files = paths.filter(isWanted).map(async (path) => {
				const id = tree.get(prefix + path)?.id ?? '';
				return [path, { bytes: await blobs.read(id), version: id }] as const;
			});
			return new Map(await Promise.all(files));
		},
		write: async (changes, guard = async () => {}) => {
			const inBranch = toBranchPaths(changes, prefix);
			if (changes.length === 0) return { outcome: 'written' };
			verifyWithinLimits(changes, await limits());
			const outcome = await inTurn(() =>
				writeCommit({ branch, blobs, open, store: description, waitMs, pausesMs, guard }, inBranch),
			);
			return outcome.outcome === 'conflict'
				? { ...outcome, path: outcome.path.slice(prefix.length) }
				: outcome;
		},
	};
};

const readFile = async (
	{ branch, blobs }: { readonly branch: RemoteBranch; readonly blobs: Blobs },
	path: string,
): Promise<StoredFile | null> => {
	const tree = await (await branch.refresh()).tree();
	const entry = tree.get(path);
	return entry?.isFile ? { bytes: await blobs.read(entry.id), version: entry.id } : null;
};

/** Bytes are copied: whoever gave them may change them while the write is under way. */
const toBranchPaths = (changes: readonly Change[], prefix: string): readonly Change[] => {
	const seen = new Set<string>();
	return changes.map((change) => {
		if (seen.has(checkPath(change.path))) throw invalidPath(change.path, 'is named twice in one write');
		seen.add(change.path);
		const path = prefix + change.path;
		return change.kind === 'remove'
			? { ...change, path }
			: { ...change, path, bytes: new Uint8Array(change.bytes) };
	});
};

/** One after the other: writers of one process would only be in each other's way. */
const toQueue = (): (<T>(task: () => Promise<T>) => Promise<T>) => {
	let last: Promise<unknown> = Promise.resolve();
	return (task) => {
		const run = last.then(task);
		last = run.catch(() => {});
		return run;
	};
};
