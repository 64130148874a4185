import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/core';
import type { StoreCode } from '../store.ts';
import { type Candidate, type History, isAncestor, readHistory } from './ancestry.ts';
import { toGitError } from './git-error.ts';
import { PARTIAL, type PrivateRepository } from './private-repository.ts';
import { lazily, shareNext } from './share-next.ts';
import { EMPTY_TREE, parseTree, type Tree } from './tree.ts';

/** What the branch is at one moment. `commit` undefined: there is no branch yet. */
export interface Snapshot {
	readonly commit: string | undefined;
	/** Read at the first call. */
	tree(): Promise<Tree>;
}

const NO_BRANCH: Snapshot = { commit: undefined, tree: async () => EMPTY_TREE };

/**
 * How far back a commit of ours is looked for whose reply was lost, step by step: others push between a push and the look
 * after it. Only commits are fetched for it, and never more than the last figure, whatever the branch has become.
 */
const DEPTHS = [16, 256, 4096];

/** The branch moved or went while it was fetched that often. */
const MOST_FETCHES = 5;

const TIP = 'refs/slipway/tip';

const FETCH = [
	...PARTIAL,
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

/** What git says where a branch is asked for that is not there. */
const NO_SUCH_REF = /^fatal: couldn't find remote ref refs\/heads\//m;

const isUnreachable = (thrown: unknown): boolean =>
	thrown instanceof SlipwayError && thrown.code === ('STORE_UNREACHABLE' satisfies StoreCode);

/** @throws what the task throws, at once or, where the remote does not answer, after the last pause */
const patiently = async <T>(pausesMs: readonly number[], task: () => Promise<T>): Promise<T> => {
	for (const pause of pausesMs) {
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
	/** Before a remote that does not answer is asked again. Reading again harms nobody. */
	readonly pausesMs: readonly number[];
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
		this.#refresh = shareNext(() => patiently(options.pausesMs, () => this.#look()));
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

	/**
	 * A push that is no force: refused unless the branch is still at the commit's parent.
	 * @param lease the commit that the branch must be at; then its history may be replaced
	 */
	async push(commit: string, lease?: string): Promise<{ readonly ok: boolean; readonly output: string }> {
		const repository = await this.#options.open();
		const force = lease === undefined ? [] : [`--force-with-lease=${this.#ref}:${lease}`];
		return repository.git([...PUSH, ...force, 'slipway', `${commit}:${this.#ref}`]);
	}

	/** True when the snapshot holds one of these commits, itself or among its ancestors, or in a squash of them. */
	async holds({ commit }: Snapshot, candidates: readonly Candidate[]): Promise<boolean> {
		if (commit === undefined || candidates.length === 0) return false;
		if (candidates.some((candidate) => candidate.commit === commit)) return true;
		for (const depth of DEPTHS) {
			const history = await this.#readHistory(commit, depth);
			const answers = candidates.map((candidate) => isAncestor(history, commit, candidate));
			if (answers.includes(true)) return true;
			if (!answers.includes(undefined)) break;
		}
		return false;
	}

	/** The last commits of the branch, and no files of them where the server can leave them out. */
	#readHistory(commit: string, depth: number): Promise<History> {
		return patiently(this.#options.pausesMs, async () => {
			const repository = await this.#options.open();
			const problem = await this.#fetch(commit, [`--depth=${depth}`, '--filter=tree:0']);
			// Where the commit is gone meanwhile, what is here says too little, and the next look says more.
			if (problem && isUnreachable(problem)) throw problem;
			return readHistory(repository, commit);
		});
	}

	async #look(): Promise<Snapshot> {
		const first = this.#known ? undefined : await this.#lookFirst();
		this.#known ??= first;
		return first ?? this.#lookAgain();
	}

	/** Asks and fetches in one. undefined: the usual look will say what is wrong. */
	async #lookFirst(): Promise<Snapshot | undefined> {
		const repository = await this.#options.open();
		const { ok, output } = await repository.git([
			...[...FETCH, '--depth=1'],
			...['slipway', `+${this.#ref}:${TIP}`],
		]);
		if (ok) return this.#toSnapshot(await repository.readRef(TIP));
		if (NO_SUCH_REF.test(output)) return NO_BRANCH;
		const problem = this.#toError(output);
		if (isUnreachable(problem)) throw problem;
		return undefined;
	}

	async #lookAgain(): Promise<Snapshot> {
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

	/** Only the commit itself, and of its files those that are not here: what was before it is nobody's business. */
	async #fetch(commit: string, depth = ['--depth=1']): Promise<SlipwayError<StoreCode> | undefined> {
		const repository = await this.#options.open();
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
