import { type Call, toBase, toTime, toWeb } from '../server/call.ts';
import type { Issue } from '../state/repository.ts';
import { toUser } from './users.ts';

/** A pull request as lists show it. */
export const toPullJson = (issue: Issue, call: Call) => {
	const { pull, number, title, body, state, createdAt, updatedAt, closedAt, labels, author } = issue;
	return {
		url: `${toBase(call)}/pulls/${number}`,
		id: issue.id,
		html_url: `${toWeb(call)}/pull/${number}`,
		number,
		state,
		title,
		body,
		user: toUser(author, call),
		labels: labels.map((name) => ({ name })),
		created_at: toTime(createdAt),
		updated_at: toTime(updatedAt),
		closed_at: closedAt === null ? null : toTime(closedAt),
		merged_at: pull?.mergedAt == null ? null : toTime(pull.mergedAt),
		merge_commit_sha: pull?.mergeCommit ?? null,
		head: { ref: pull?.head, sha: pull?.commits.at(-1) ?? null },
		base: { ref: pull?.base },
		draft: false,
	};
};
