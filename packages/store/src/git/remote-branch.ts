import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/core';
import type { StoreCode } from '../store.ts';
import { toGitError } from './git-error.ts';
import type { PrivateRepository } from './private-repository.ts';
import { lazily, shareNext } from './share-next.ts';
import { EMPTY_TREE, parseTree, type Tree } from './tree.ts';

/** What the branch is at one moment. `commit` undefined: there is no branch yet. */
export interface Snapshot {
	readonly commit: string | undefined;
	/** Read at the first call. */
	tree(): Promise<Tree>;
}

const NO_BRANCH: Snapshot = { commit: undefined, tree: async () => EMPTY_TREE };

/** Reading again harms nobody: pauses before a remote that does not answer is asked again. */
const PAUSES_MS = [200, 1_000, 3_000];

/** The branch moved or went while it was fetched that often. */
const MOST_FETCHES = 5;

const TIP = 'refs/slipway/tip';

const FETCH = [
	'fetch',
	'--quiet',
	'--no-tags',
	'--no-write-fetch-head',
	'--no-auto-maintenance',
	'--update-shallow',
];
const PUSH = [
	'push',
	'--porcelain',
	'--no-verify',
	'--no-signed',
	'--no-follow-tags',
	'--recurse-submodules=no',
];

const isUnreachable = (thrown: unknown): boolean =>
	thrown instanceof SlipwayError && thrown.code === ('STORE_UNREACHABLE' satisfies StoreCode);

/** @throws what the task throws, at once or, where the remote does not answer, after the last pause */
const patiently = async <T>(task: () => Promise<T>): Promise<T> => {
	for (const pause of PAUSES_MS) {
		try {
			return await task();
		} catch (thrown) {
			if (!isUnreachable(thrown)) throw thrown;
			await sleep(pause * (0.5 + Math.random()));
		}
	}
	return task();
};

export interface RemoteBranchOptions {
	readonly branch: string;
	/** For people. */
	readonly store: string;
	readonly open: () => Promise<PrivateRepository>;
}

/** One branch of a remote repository: what it is now, and the next commit on it. */
export class RemoteBranch {
	readonly #options: RemoteBranchOptions;
	readonly #ref: string;
	readonly #refresh: () => Promise<Snapshot>;
	#known: Snapshot | undefined;

	constructor(options: RemoteBranchOptions) {
		this.#options = options;
		this.#ref = `refs/heads/${options.branch}`;
		this.#refresh = shareNext(() => patiently(() => this.#look()));
	}

	/** What it was when it was last looked at; undefined: never yet. */
	get known(): Snapshot | undefined {
		return this.#known;
	}

	/**
	 * What the branch is at a moment after this call. One short question where nothing has changed.
	 * @throws SlipwayError STORE_*
	 */
	refresh(): Promise<Snapshot> {
		return this.#refresh();
	}

	/** Takes note of a commit that was pushed on top of a snapshot, unless something newer is known. */
	advance(from: Snapshot, to: { readonly commit: string; readonly tree: Tree }): void {
		if (this.#known === from) this.#known = { commit: to.commit, tree: async () => to.tree };
	}

	/** A push that is no force: refused unless the branch is still at the commit's parent. */
	async push(commit: string): Promise<{ readonly ok: boolean; readonly output: string }> {
		const repository = await this.#options.open();
		return repository.git([...PUSH, 'slipway', `${commit}:${this.#ref}`]);
	}

	/** True when the snapshot holds one of these commits, itself or among its ancestors. */
	async holds({ commit }: Snapshot, candidates: readonly string[]): Promise<boolean> {
		if (commit === undefined) return false;
		if (candidates.includes(commit)) return true;
		const repository = await this.#options.open();
		for (const candidate of candidates) {
			const { ok } = await repository.git(['merge-base', '--is-ancestor', candidate, commit]);
			if (ok) return true;
		}
		return false;
	}

	async #look(): Promise<Snapshot> {
		for (let tries = 1; ; tries += 1) {
			const commit = await this.#ask();
			if (this.#known && this.#known.commit === commit) return this.#known;
			const problem = commit === undefined ? undefined : await this.#fetch(commit);
			if (problem === undefined) {
				this.#known = commit === undefined ? NO_BRANCH : this.#toSnapshot(commit);
				return this.#known;
			}
			// The commit that was just named may be gone again: the branch was moved by force.
			if (tries >= MOST_FETCHES || isUnreachable(problem)) throw problem;
		}
	}

	/** The commit of the branch by the remote's own word. */
	async #ask(): Promise<string | undefined> {
		const repository = await this.#options.open();
		const { ok, stdout, output } = await repository.git(['ls-remote', '--quiet', 'slipway', this.#ref]);
		if (!ok) throw this.#toError(output);
		const lines = stdout.split('\n').map((line) => line.split('\t'));
		const commit = lines.find(([, ref]) => ref === this.#ref)?.[0];
		if (commit === undefined || /^[0-9a-f]{40}$/.test(commit)) return commit;
		throw this.#toError('the repository names its objects by SHA-256, which this store cannot');
	}

	/**
	 * The first time only the commit itself; later what came since the last one, so that it can be told whether a commit of
	 * ours is among it.
	 */
	async #fetch(commit: string): Promise<SlipwayError<StoreCode> | undefined> {
		const repository = await this.#options.open();
		const depth = this.#known?.commit === undefined ? ['--depth=1'] : [];
		const { ok, output } = await repository.git([...FETCH, ...depth, 'slipway', `+${commit}:${TIP}`]);
		return ok ? undefined : this.#toError(output);
	}

	#toSnapshot(commit: string): Snapshot {
		const tree = lazily(async () => {
			const repository = await this.#options.open();
			return parseTree(await repository.gitBytes(['ls-tree', '-r', '-z', '--full-tree', commit]));
		});
		return { commit, tree };
	}

	#toError(output: string): SlipwayError<StoreCode> {
		return toGitError({ verb: 'read', store: this.#options.store, output });
	}
}
