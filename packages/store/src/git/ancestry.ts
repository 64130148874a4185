import type { PrivateRepository } from './private-repository.ts';

/** A commit of which nobody knows whether it arrived. `parent` undefined: it was to begin the branch. */
export interface Candidate {
	readonly commit: string;
	readonly parent: string | undefined;
}

interface Ancestor {
	readonly parents: readonly string[];
	/** It has parents, but they were not fetched. */
	readonly isCut: boolean;
	/** Commits that a squash put into this one. */
	readonly squashed: readonly string[];
}

/** Commits by their ids, as far back as they were fetched. */
export type History = ReadonlyMap<string, Ancestor>;

/** Key of the lines in the message of a squash that name what it holds. */
export const SQUASHED = 'Squashed-Commit';

const FORMAT = `%H%x09%P%x09%(trailers:key=${SQUASHED},valueonly,separator=%x20)`;

const toIds = (text: string | undefined): readonly string[] =>
	text?.split(' ').filter((id) => id !== '') ?? [];

/** What is here of the history of a commit; asks the remote nothing. @throws SlipwayError STORE_* */
export const readHistory = async (repository: PrivateRepository, commit: string): Promise<History> => {
	const output = await repository.gitBytes(['log', `--format=${FORMAT}`, '--no-show-signature', commit]);
	const shallow = await repository.readShallow();
	const lines = output
		.toString('latin1')
		.split('\n')
		.filter((line) => line !== '');
	return new Map(
		lines.map((line) => {
			const [id = '', parents, squashed] = line.split('\t');
			return [id, { parents: toIds(parents), isCut: shallow.has(id), squashed: toIds(squashed) }];
		}),
	);
};

/** Whether a commit is among the ancestors of another, or in a squash of them; undefined: what is here does not tell. */
export const isAncestor = (history: History, tip: string, candidate: Candidate): boolean | undefined => {
	let isCut = false;
	// Nothing that the candidate descends from can descend from it.
	const seen = new Set([tip].filter((commit) => commit !== candidate.parent));
	for (const commit of seen) {
		const ancestor = history.get(commit);
		if (commit === candidate.commit || ancestor?.squashed.includes(candidate.commit)) return true;
		isCut ||= ancestor?.isCut ?? true;
		for (const parent of ancestor?.parents ?? []) if (parent !== candidate.parent) seen.add(parent);
	}
	return isCut ? undefined : false;
};
