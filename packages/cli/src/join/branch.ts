import { type Context, type Finding, SlipwayError, toPrintable } from '@slipway/core';
import type { GitHubRest, Setting } from '@slipway/github';
import { openRunRest } from './notice-run.ts';
import type { OpenedPolicy } from './policy.ts';
import type { OpenProject } from './project.ts';

export type BranchCode =
	/** The commit that was built is on none of the branches that the policy releases from. */
	| 'COMMIT_NOT_ON_BRANCH'
	/** Nobody says whether it is. */
	| 'BRANCH_UNREADABLE';

const toFinding = (code: BranchCode, message: string, hint: string): Finding => ({
	severity: 'error',
	code,
	message,
	hint,
});

const toList = (names: readonly string[]): string => names.map((name) => toPrintable(name, 100)).join(', ');

const toUnreadable = (
	what: string,
	{ reason, hint }: { readonly reason: string; readonly hint: string },
): Finding => toFinding('BRANCH_UNREADABLE', `expected GitHub to name ${what}, got ${reason}`, hint);

/** The default branch's name, or why nobody tells it. */
const readDefaultBranch = async (rest: GitHubRest): Promise<readonly [string] | Finding> => {
	const { readRepository } = await import('@slipway/github');
	const found = await readRepository(rest);
	if (found.state === 'known') return [found.value.defaultBranch];
	if (found.state === 'unreadable') return toUnreadable('the default branch', found);
	const hint = 'Give the job `contents: read`, and run it again.';
	return toUnreadable('the default branch', { reason: 'no such repository', hint });
};

const toElsewhere = (commit: string, names: readonly string[]): Finding =>
	toFinding(
		'COMMIT_NOT_ON_BRANCH',
		`expected commit ${commit}, which was built, on ${toList(names)}, got one that is on none of them`,
		'Merge it first and tag what the branch holds then, or add its branch to `branches` in slipway.policy.yml.',
	);

/** Whether the policy's branches hold the commit; the first that does is enough. */
const findElsewhere = async (
	commit: string,
	names: readonly string[],
	ask: (branch: string) => Promise<Setting<boolean>>,
): Promise<readonly Finding[]> => {
	let silent: Finding | undefined;
	for (const name of names) {
		const found = await ask(name);
		if (found.state === 'known' && found.value) return [];
		if (found.state === 'unreadable') silent ??= toUnreadable(`what ${toList([name])} holds`, found);
	}
	return [silent ?? toElsewhere(commit, names)];
};

/**
 * Whether the commit that was built is on a branch that the policy releases from (guardrail G5), asked of GitHub in a run
 * of its own. Nothing to say elsewhere, where the source has no commit, and where the policy does not ask for it.
 */
export const checkBranch = async (
	{ door: { environment } }: OpenProject,
	{ policy, commit }: { readonly policy: OpenedPolicy | undefined; readonly commit: string | null },
	{ clock, signal }: Context,
): Promise<readonly Finding[]> => {
	const { branches, protected: isProtected } = policy?.policy ?? {};
	const isAsked = branches !== undefined || isProtected === 'required';
	if (environment.GITHUB_ACTIONS !== 'true' || commit === null || !isAsked) return [];
	const run = await openRunRest(environment);
	if (!run) return [];
	const rest = run.within({ clock, signal });
	const { readIsOnBranch } = await import('@slipway/github');
	const names = branches ?? (await readDefaultBranch(rest));
	if ('code' in names) return [names];
	return findElsewhere(commit, names, (branch) => readIsOnBranch(rest, { branch, commit }));
};

/** @throws SlipwayError COMMIT_NOT_ON_BRANCH, BRANCH_UNREADABLE */
export const verifyBranch = async (...given: Parameters<typeof checkBranch>): Promise<void> => {
	const [finding] = await checkBranch(...given);
	if (finding) throw new SlipwayError(finding.code, finding.message, { hint: finding.hint });
};
