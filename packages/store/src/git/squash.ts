import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/core';
import type { StoreCode } from '../store.ts';
import { SQUASHED } from './ancestry.ts';
import { AUTHOR, toCommitter } from './commit.ts';
import { isLostRace, toGitError } from './git-error.ts';
import { type BranchOptions, type OpenBranch, openBranch } from './open-branch.ts';
import { type BranchCommit, readWholeHistory } from './whole-history.ts';

/** What a squash of a branch would do, or did. Bytes and paths of its files stay as they are in every case. */
export interface Squash {
	/**
	 * `planned`: nothing was changed; `squashed`; `nothing`: there is no branch, or it has one commit already; `conflict`:
	 * another writer was first, and nothing was changed.
	 */
	readonly outcome: 'planned' | 'squashed' | 'nothing' | 'conflict';
	/** For people. */
	readonly store: string;
	readonly files: number;
	/** The commits that go, the newest first. */
	readonly dropped: readonly BranchCommit[];
	/** The one that takes their place; only where `squashed`. */
	readonly replacement?: string;
}

/** So many of the last commits are named in the new one: a writer who still waits for a reply finds its own there. */
const MOST_NAMED = 200;

const toCommit = (tree: string, dropped: readonly BranchCommit[]): string => {
	const time = `${Math.floor(Date.now() / 1000)} +0000`;
	const head = [`tree ${tree}`, `author ${AUTHOR} ${time}`, `committer ${toCommitter()} ${time}`];
	const named = dropped.slice(0, MOST_NAMED).map(({ commit }) => `${SQUASHED}: ${commit}`);
	return [...head, '', `Squash ${dropped.length} commits`, '', ...named, ''].join('\n');
};

const FORBIDDEN_HINT =
	'A squash replaces the history of the branch: let its ruleset or protection allow force pushes until it is done, and forbid them again. Nothing else in Slipway needs them.';

/** A branch that is looked at, and the commit that is to replace its history. */
interface Replacing {
	readonly opened: OpenBranch;
	readonly old: string;
	readonly replacement: string;
}

/** A commit without parents that holds the same tree. */
const makeReplacement = async (
	{ open, description }: OpenBranch,
	old: string,
	dropped: readonly BranchCommit[],
): Promise<string> => {
	const repository = await open();
	const tree = (await repository.gitBytes(['rev-parse', `${old}^{tree}`])).toString().trim();
	const { ok, stdout, output } = await repository.git(
		['hash-object', '-t', 'commit', '-w', '--stdin'],
		toCommit(tree, dropped),
	);
	if (ok) return stdout.trim();
	throw toGitError({ verb: 'write', store: description, output });
};

/** What became of a push that was not taken, or of which nobody knows. `unknown`: the branch is still as it was. */
const lookAgain = async ({
	opened,
	old,
	replacement,
}: Replacing): Promise<'squashed' | 'conflict' | 'unknown'> => {
	const snapshot = await opened.branch.refresh();
	if (snapshot.commit === old) return 'unknown';
	const candidate = { commit: replacement, parent: undefined };
	return (await opened.branch.holds(snapshot, [candidate])) ? 'squashed' : 'conflict';
};

/** @throws SlipwayError STORE_*: nothing was changed, or, at STORE_UNREACHABLE, nobody knows */
const replaceHistory = async (replacing: Replacing): Promise<'squashed' | 'conflict'> => {
	const { opened, old, replacement } = replacing;
	for (const pause of [...opened.pausesMs, undefined]) {
		const { ok, output } = await opened.branch.push(replacement, old);
		if (ok) return 'squashed';
		const error = toGitError({ verb: 'write', store: opened.description, output });
		if (error.code === ('STORE_PROTECTED' satisfies StoreCode))
			throw new SlipwayError(error.code, error.message, { hint: FORBIDDEN_HINT, cause: error });
		if (!isLostRace(output) && error.code !== ('STORE_UNREACHABLE' satisfies StoreCode)) throw error;
		const found = await lookAgain(replacing);
		if (found !== 'unknown') return found;
		if (pause === undefined) throw error;
		await sleep(pause * (0.5 + Math.random()));
	}
	return 'conflict';
};

/**
 * Replaces the history of a branch by one commit with the same files, byte for byte: the only thing here that pushes by
 * force, and only with a lease: it is refused where the branch is no longer what was looked at. Writers that are at work
 * meanwhile see a lost race and go on on top of it.
 * @throws SlipwayError STORE_*
 */
export const squashBranch = async (
	options: BranchOptions,
	{ act }: { readonly act: boolean },
): Promise<Squash> => {
	const opened = openBranch(options);
	const store = opened.description;
	const snapshot = await opened.branch.refresh();
	const old = snapshot.commit;
	if (old === undefined) return { outcome: 'nothing', store, files: 0, dropped: [] };
	const files = (await snapshot.tree()).size;
	const dropped = await readWholeHistory(await opened.open(), { commit: old, store });
	const plan = { store, files, dropped };
	if (dropped.length < 2) return { ...plan, outcome: 'nothing' };
	if (!act) return { ...plan, outcome: 'planned' };
	const replacement = await makeReplacement(opened, old, dropped);
	const outcome = await replaceHistory({ opened, old, replacement });
	return outcome === 'squashed' ? { ...plan, outcome, replacement } : { ...plan, outcome };
};
