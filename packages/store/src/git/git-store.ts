import { SlipwayError } from '@slipway/core';
import type { Change, Store, StoreCode, StoredFile } from '../store.ts';
import { invalidPath } from '../store-error.ts';
import { checkStorePath } from '../store-path.ts';
import { Blobs } from './blobs.ts';
import { openPrivateRepository } from './private-repository.ts';
import { RemoteBranch } from './remote-branch.ts';
import { lazily } from './share-next.ts';
import { listFiles } from './tree.ts';
import { writeCommit } from './write-commit.ts';

export interface GitStoreOptions {
	/** Address of the repository (URL, host:path or absolute path), or how it is found out at the first use. */
	readonly remote: string | (() => Promise<string>);
	readonly branch: string;
	/** Folder in the branch; default: all of it. */
	readonly folder?: string | undefined;
	/** Where git, home and GITHUB_TOKEN are found. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** How a person knows the remote; default: nothing but the branch is named. */
	readonly remoteName?: string | undefined;
	/** How long a write tries while others are faster, before STORE_BUSY. Default 60 s. */
	readonly waitMs?: number | undefined;
	/** Where the private repository is made, and left; default: a temporary folder that goes with this process. */
	readonly scratchFolder?: string | undefined;
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

const checkBranch = (branch: string): string => {
	if (/^(?!.*(?:\.\.|\/\/|\.lock(?:\/|$)|\/\.|[./]$))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/.test(branch))
		return branch;
	throw new SlipwayError<StoreCode>(
		'STORE_PATH_INVALID',
		`expected the name of a branch, got ${JSON.stringify(branch.slice(0, 200))}`,
		{ hint: 'Use letters, digits and . _ / -.' },
	);
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
 * - Only the newest commit is fetched, large files when they are read; a commit costs what its change costs.
 * - Symbolic links, submodules and files outside `folder` stay as they are.
 */
export const gitStore = (options: GitStoreOptions): Store => {
	const prefix = options.folder === undefined ? '' : `${checkPath(options.folder)}/`;
	const branchName = checkBranch(options.branch);
	const description = [
		`branch ${branchName}`,
		...(options.remoteName === undefined ? [] : [`of ${options.remoteName}`]),
	].join(' ');
	const open = lazily(async () => {
		const { remote, environment, scratchFolder } = options;
		const address = typeof remote === 'string' ? remote : await remote();
		return openPrivateRepository({ remote: address, environment, scratchFolder, store: description });
	});
	const branch = new RemoteBranch({ branch: branchName, store: description, open });
	const blobs = new Blobs(open);
	const waitMs = options.waitMs ?? WAIT_MS;
	const inTurn = toQueue();
	return {
		description,
		read: async (path) => readFile({ branch, blobs }, prefix + checkPath(path)),
		list: async (folder) => {
			const below = prefix + (folder === '' ? '' : checkPath(folder));
			const tree = await (await branch.refresh()).tree();
			return listFiles(tree, below.replace(/\/$/, '')).map((path) => path.slice(prefix.length));
		},
		write: async (changes, guard = async () => {}) => {
			const inBranch = toBranchPaths(changes, prefix);
			if (changes.length === 0) return { outcome: 'written' };
			const outcome = await inTurn(() =>
				writeCommit({ branch, blobs, open, store: description, waitMs, guard }, inBranch),
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
			: { ...change, path, bytes: Uint8Array.from(change.bytes) };
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
