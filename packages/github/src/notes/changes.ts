import * as v from 'valibot';
import { readPages } from '../rest/pages.ts';
import { pathOf } from '../rest/path.ts';
import { askPatiently } from '../rest/patience.ts';
import type { GitHubRest } from '../rest/rest.ts';
import { type Change, hasBreakingFooter } from './conventional.ts';

const Commit = v.object({
	sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40,64}$/)),
	commit: v.object({ message: v.string() }),
	parents: v.optional(v.array(v.unknown()), []),
});
type Commit = v.InferOutput<typeof Commit>;

const Pull = v.object({
	number: v.number(),
	title: v.string(),
	body: v.nullish(v.string()),
	merged_at: v.nullish(v.string()),
});
type Pull = v.InferOutput<typeof Pull>;

/** More commits than that are a link. */
const MAX_PAGES = 5;
/** One request each; beyond it, titles of commits have to do. */
const MAX_PULL_READS = 100;

const toTitle = ({ commit }: Commit): string => commit.message.split(/\r?\n/, 1)[0] ?? '';

const readPull = async (rest: GitHubRest, { sha }: Commit): Promise<Pull | undefined> => {
	const schema = v.array(Pull);
	const reply = await askPatiently(rest, () => rest.send({ path: pathOf`commits/${sha}/pulls`, schema }));
	if (reply.kind !== 'ok') return undefined;
	return reply.value.filter(({ merged_at }) => merged_at).sort((a, b) => a.number - b.number)[0];
};

/** `(#12)` at the end of a squashed commit, where the API does not tell. */
const toSquashed = (title: string): number | undefined => {
	const [, digits] = /\(#(\d{1,9})\)$/.exec(title) ?? [];
	return digits === undefined ? undefined : Number(digits);
};

const toChange = (commit: Commit, pull: Pull | undefined): Change => {
	const title = toTitle(commit);
	const number = pull?.number ?? toSquashed(title);
	const texts = [commit.commit.message, pull?.body ?? ''];
	return {
		title: (pull?.title ?? title).replace(/ \(#\d{1,9}\)$/, ''),
		pull: number,
		commit: commit.sha,
		isBreaking: texts.some(hasBreakingFooter),
	};
};

/** One entry a pull request, in the place of its first commit; merges without one are no change of their own. */
const mergeChanges = (
	changes: readonly { readonly change: Change; readonly isMerge: boolean }[],
): Change[] => {
	const merged = new Map<string, Change>();
	for (const { change, isMerge } of changes) {
		if (isMerge && change.pull === undefined) continue;
		const key = change.pull === undefined ? change.commit : `#${change.pull}`;
		const first = merged.get(key);
		merged.set(key, first ? { ...first, isBreaking: first.isBreaking || change.isBreaking } : change);
	}
	return [...merged.values()];
};

/**
 * What came between two refs, oldest first: pull requests that were merged, and commits that belong to none.
 * @returns undefined where the API does not tell (a ref is missing, the histories have nothing in common)
 */
export const readChanges = async (
	rest: GitHubRest,
	{ base, head }: { readonly base: string; readonly head: string },
): Promise<readonly Change[] | undefined> => {
	const path = pathOf`compare/${base}...${head}`;
	const reply = await askPatiently(rest, () =>
		readPages(rest, { path, item: Commit, key: 'commits', maxPages: MAX_PAGES }),
	);
	if (reply.kind !== 'ok') return undefined;
	const changes: { readonly change: Change; readonly isMerge: boolean }[] = [];
	for (const [index, commit] of reply.value.entries()) {
		const pull = index < MAX_PULL_READS ? await readPull(rest, commit) : undefined;
		changes.push({ change: toChange(commit, pull), isMerge: commit.parents.length > 1 });
	}
	return mergeChanges(changes);
};
