import { toGitError } from './git-error.ts';
import { PARTIAL, type PrivateRepository } from './private-repository.ts';

/** A commit of the branch, as people know it. */
export interface BranchCommit {
	readonly commit: string;
	/** ISO 8601. */
	readonly time: string;
	readonly author: string;
	readonly subject: string;
}

const FORMAT = '%H%x00%cI%x00%an%x00%s';

const UNSHALLOW = [
	...['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'],
	...['--update-shallow', '--filter=tree:0', '--depth=2147483647'],
];

const parseLine = (line: string): BranchCommit => {
	const [commit = '', time = '', author = '', ...subject] = line.split('\0');
	return { commit, time, author, subject: subject.join(' ') };
};

/**
 * Every commit up to this one, the newest first. Fetches commits alone where the server can leave out the rest.
 * @throws SlipwayError STORE_*
 */
export const readWholeHistory = async (
	repository: PrivateRepository,
	{ commit, store }: { readonly commit: string; readonly store: string },
): Promise<readonly BranchCommit[]> => {
	const { ok, output } = await repository.git([...PARTIAL, ...UNSHALLOW, 'slipway', commit]);
	if (!ok) throw toGitError({ verb: 'read', store, output });
	const log = await repository.gitBytes(['log', `--format=${FORMAT}`, '--no-show-signature', commit]);
	return log
		.toString()
		.split('\n')
		.filter((line) => line !== '')
		.map(parseLine);
};
