import { type Call, toBase, toTime, toWeb } from '../server/call.ts';
import type { Issue, IssueComment, Label, Repository } from '../state/repository.ts';
import { toUser } from './users.ts';

export const toLabelJson = ({ id, name, color, description }: Label, call: Call) => ({
	id,
	url: `${toBase(call)}/labels/${encodeURIComponent(name)}`,
	name,
	color,
	description,
	default: false,
});

const findLabel = ({ labels }: Repository, name: string): Label =>
	labels.find((label) => label.name.toLowerCase() === name.toLowerCase()) ?? {
		id: 0,
		name,
		color: 'ededed',
		description: null,
	};

const toPullPart = ({ number, pull }: Issue, call: Call) =>
	pull && {
		pull_request: {
			url: `${toBase(call)}/pulls/${number}`,
			html_url: `${toWeb(call)}/pull/${number}`,
			merged_at: pull.mergedAt === null ? null : toTime(pull.mergedAt),
		},
	};

export const toIssueJson = (issue: Issue, call: Call) => ({
	url: `${toBase(call)}/issues/${issue.number}`,
	comments_url: `${toBase(call)}/issues/${issue.number}/comments`,
	html_url: `${toWeb(call)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`,
	id: issue.id,
	node_id: Buffer.from(`Issue:${issue.id}`).toString('base64'),
	number: issue.number,
	title: issue.title,
	user: toUser(issue.author, call),
	labels: issue.labels.map((name) => toLabelJson(findLabel(call.repository, name), call)),
	state: issue.state,
	state_reason: issue.stateReason,
	locked: issue.isLocked,
	assignees: issue.assignees.map((login) => toUser(login, call)),
	assignee: issue.assignees[0] === undefined ? null : toUser(issue.assignees[0], call),
	milestone: null,
	comments: call.repository.comments.filter((comment) => comment.issue === issue.number).length,
	created_at: toTime(issue.createdAt),
	updated_at: toTime(issue.updatedAt),
	closed_at: issue.closedAt === null ? null : toTime(issue.closedAt),
	author_association: 'CONTRIBUTOR',
	body: issue.body,
	...toPullPart(issue, call),
});

export const toCommentJson = (comment: IssueComment, call: Call) => ({
	url: `${toBase(call)}/issues/comments/${comment.id}`,
	html_url: `${toWeb(call)}/issues/${comment.issue}#issuecomment-${comment.id}`,
	issue_url: `${toBase(call)}/issues/${comment.issue}`,
	id: comment.id,
	node_id: Buffer.from(`Comment:${comment.id}`).toString('base64'),
	user: toUser(comment.author, call),
	created_at: toTime(comment.createdAt),
	updated_at: toTime(comment.updatedAt),
	author_association: 'CONTRIBUTOR',
	body: comment.body,
});
