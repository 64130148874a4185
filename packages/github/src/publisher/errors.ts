import { type Finding, SlipwayError } from '@slipway/core';
import type { GitHubCode } from '../code.ts';

export interface ErrorText {
	readonly message: string;
	readonly hint: string;
}

export const toFinding = (
	severity: Finding['severity'],
	code: GitHubCode,
	{ message, hint }: ErrorText,
): Finding => ({ severity, code, message, hint });

export const toError = (code: GitHubCode, { message, hint }: ErrorText): SlipwayError<GitHubCode> =>
	new SlipwayError(code, message, { hint });

/** Errors that time can heal: the API did not answer, refused for a while, or does not show a change yet. */
export const TRANSIENT: readonly GitHubCode[] = [
	'GITHUB_UNREACHABLE',
	'GITHUB_LIMITED',
	'GITHUB_REPLY_LOST',
	'GITHUB_NOT_VISIBLE',
	'GITHUB_POINTER_WRONG',
	'GITHUB_DOWNLOAD_FAILED',
];

/** @param commit what was built; empty where that is not under version control */
export const toTagMissing = (tag: string, commit: string): ErrorText => ({
	message: `expected the tag ${tag}${commit && ` at ${commit}`}, found no such tag`,
	hint: `Make it: \`git tag ${tag} ${commit || 'COMMIT'} && git push origin refs/tags/${tag}\`.`,
});

export const toTagElsewhere = (tag: string, commit: string, found: string): ErrorText => ({
	message: `expected the tag ${tag} to point at ${commit}, which was built, got ${found}`,
	hint: `Find out who moved it. What was built belongs to ${commit.slice(0, 12)}: release a new version, and protect tags with a ruleset.`,
});
