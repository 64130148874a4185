import { type Answer, type Call, Refusal, type Route, readFields, toActor, toText } from '../server/call.ts';
import { toEmptyReply, toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyError, replyInvalid, replyNotFound } from '../server/replies.ts';
import type { Right } from '../server/rights.ts';
import { open, route, write } from '../server/routing.ts';
import type { IssueComment } from '../state/repository.ts';
import { toCommentJson } from './issue-json.ts';
import { findIssue } from './issues.ts';

const MAX_BODY = 65_536;

/** @throws Refusal */
const readBody = (call: Call): string => {
	const body = toText(readFields(call).body) ?? '';
	if (body === '')
		throw new Refusal(replyInvalid({ resource: 'IssueComment', code: 'missing_field', field: 'body' }));
	if (body.length <= MAX_BODY) return body;
	const message = `body is too long (maximum is ${MAX_BODY} characters)`;
	throw new Refusal(replyInvalid({ resource: 'IssueComment', code: 'custom', field: 'body', message }));
};

/** @throws Refusal */
const findComment = ({ repository, params }: Call): IssueComment => {
	const found = repository.comments.find(({ id }) => String(id) === params.id);
	if (found) return found;
	throw new Refusal(replyNotFound());
};

/** Oldest first. */
const list: Answer = (call) => {
	const { number } = findIssue(call);
	const found = call.repository.comments.filter(({ issue }) => issue === number);
	const { items, headers } = toPage(found, call.request, call.origin);
	return toJsonReply(
		200,
		items.map((comment) => toCommentJson(comment, call)),
		headers,
	);
};

const create: Answer = (call) => {
	const issue = findIssue(call);
	if (issue.isLocked) return replyError(403, 'Unable to create comment because issue is locked.');
	const now = call.now();
	const comment: IssueComment = {
		id: call.nextId(),
		issue: issue.number,
		author: toActor(call),
		createdAt: now,
		updatedAt: now,
		body: readBody(call),
	};
	call.repository.comments.push(comment);
	issue.updatedAt = now;
	return toJsonReply(201, toCommentJson(comment, call));
};

const update: Answer = (call) => {
	const comment = findComment(call);
	comment.body = readBody(call);
	comment.updatedAt = call.now();
	return toJsonReply(200, toCommentJson(comment, call));
};

const remove: Answer = (call) => {
	const { comments } = call.repository;
	comments.splice(comments.indexOf(findComment(call)), 1);
	return toEmptyReply(204);
};

/** A pull request is an issue too: either right is enough (REST reference, "Issue comments"). */
const SPEAK: Right = { ...write('issues'), or: 'pull-requests' };

export const commentRoutes: readonly Route[] = [
	route('GET issues/comments/{id}', open('issues'), (call) =>
		toJsonReply(200, toCommentJson(findComment(call), call)),
	),
	route('PATCH issues/comments/{id}', SPEAK, update),
	route('DELETE issues/comments/{id}', SPEAK, remove),
	route('GET issues/{number}/comments', open('issues'), list),
	route('POST issues/{number}/comments', SPEAK, create),
];
