import {
	type Answer,
	type Call,
	type Fields,
	Refusal,
	type Route,
	readFields,
	toActor,
	toText,
	toTexts,
} from '../server/call.ts';
import { toEmptyReply, toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyError, replyInvalid, replyNotFound } from '../server/replies.ts';
import { open, route, write } from '../server/routing.ts';
import type { Issue, Repository } from '../state/repository.ts';
import { toIssueJson, toLabelJson } from './issue-json.ts';

/** @throws Refusal: the repository has no issues */
export const checkIssues = ({ repository }: Call): void => {
	if (!repository.settings.hasIssues)
		throw new Refusal(replyError(410, 'Issues has been disabled in this repository.'));
};

/** @throws Refusal */
export const findIssue = (call: Call): Issue => {
	const found = call.repository.issues.find(({ number }) => String(number) === call.params.number);
	if (found === undefined) throw new Refusal(replyNotFound());
	if (found.pull === undefined) checkIssues(call);
	return found;
};

const isAsked = (issue: Issue, query: URLSearchParams): boolean => {
	const state = query.get('state') ?? 'open';
	const labels = (query.get('labels') ?? '').split(',').filter(Boolean);
	const since = Date.parse(query.get('since') ?? '');
	const creator = query.get('creator');
	const assignee = query.get('assignee');
	return (
		(state === 'all' || issue.state === state) &&
		labels.every((label) => issue.labels.some((each) => each.toLowerCase() === label.toLowerCase())) &&
		(creator === null || issue.author.toLowerCase() === creator.toLowerCase()) &&
		(assignee === null || assignee === '*' || issue.assignees.includes(assignee)) &&
		(Number.isNaN(since) || issue.updatedAt >= since)
	);
};

const toOrder = (query: URLSearchParams) => {
	const turn = query.get('direction') === 'asc' ? -1 : 1;
	const isByUpdate = query.get('sort') === 'updated';
	const toKey = ({ createdAt, updatedAt }: Issue) => (isByUpdate ? updatedAt : createdAt);
	return (a: Issue, b: Issue): number => turn * (toKey(b) - toKey(a) || b.number - a.number);
};

const list: Answer = (call) => {
	checkIssues(call);
	const { repository, request, origin } = call;
	const found = repository.issues.filter((issue) => isAsked(issue, request.query));
	const { items, headers } = toPage(found.toSorted(toOrder(request.query)), request, origin);
	return toJsonReply(
		200,
		items.map((issue) => toIssueJson(issue, call)),
		headers,
	);
};

/** Labels that nobody has made are made by their first use. */
const provideLabels = (names: readonly string[], { repository, nextId }: Call): string[] => {
	for (const name of names)
		if (!repository.labels.some((label) => label.name.toLowerCase() === name.toLowerCase()))
			repository.labels.push({ id: nextId(), name, color: 'ededed', description: null });
	return [...new Set(names)];
};

/** Numbers are shared with pull requests. */
export const toNextNumber = ({ issues }: Repository): number =>
	Math.max(0, ...issues.map(({ number }) => number)) + 1;

const toLabelNames = (value: unknown): readonly string[] | undefined =>
	Array.isArray(value)
		? value.flatMap((each) => toText(each) ?? toText((each as Fields | null)?.name) ?? [])
		: undefined;

const create: Answer = (call) => {
	checkIssues(call);
	const fields = readFields(call);
	const title = toText(fields.title) ?? '';
	if (title === '') return replyInvalid({ resource: 'Issue', code: 'missing_field', field: 'title' });
	const now = call.now();
	const issue: Issue = {
		id: call.nextId(),
		number: toNextNumber(call.repository),
		author: toActor(call),
		createdAt: now,
		updatedAt: now,
		closedAt: null,
		pull: undefined,
		title,
		body: toText(fields.body) ?? null,
		labels: provideLabels(toLabelNames(fields.labels) ?? [], call),
		assignees: [...(toTexts(fields.assignees) ?? [])],
		state: 'open',
		stateReason: null,
		isLocked: false,
	};
	call.repository.issues.push(issue);
	return toJsonReply(201, toIssueJson(issue, call));
};

const applyState = (issue: Issue, { state, state_reason: reason }: Fields, now: number): void => {
	if (state !== 'open' && state !== 'closed') return;
	const isChanged = issue.state !== state;
	issue.state = state;
	issue.stateReason = toText(reason) ?? (state === 'closed' ? 'completed' : isChanged ? 'reopened' : null);
	issue.closedAt = state === 'closed' ? (issue.closedAt ?? now) : null;
};

const update: Answer = (call) => {
	const issue = findIssue(call);
	const fields = readFields(call);
	const { state } = fields;
	if (state !== undefined && state !== 'open' && state !== 'closed')
		return replyInvalid({ resource: 'Issue', code: 'invalid', field: 'state' });
	issue.title = toText(fields.title) ?? issue.title;
	issue.body = toText(fields.body) ?? issue.body;
	const labels = toLabelNames(fields.labels);
	if (labels) issue.labels = provideLabels(labels, call);
	issue.assignees = [...(toTexts(fields.assignees) ?? issue.assignees)];
	applyState(issue, fields, call.now());
	issue.updatedAt = call.now();
	return toJsonReply(200, toIssueJson(issue, call));
};

const addLabels: Answer = (call) => {
	const issue = findIssue(call);
	const names = toLabelNames(readFields(call).labels) ?? [];
	issue.labels = provideLabels([...issue.labels, ...names], call);
	return toJsonReply(200, toIssueJson(issue, call).labels);
};

const removeLabel: Answer = (call) => {
	const issue = findIssue(call);
	if (!issue.labels.includes(call.params.name ?? '')) return replyError(404, 'Label does not exist');
	issue.labels = issue.labels.filter((name) => name !== call.params.name);
	return toJsonReply(200, toIssueJson(issue, call).labels);
};

const listLabels: Answer = (call) => {
	const { items, headers } = toPage(call.repository.labels, call.request, call.origin);
	return toJsonReply(
		200,
		items.map((label) => toLabelJson(label, call)),
		headers,
	);
};

const createLabel: Answer = (call) => {
	const fields = readFields(call);
	const name = toText(fields.name) ?? '';
	if (name === '') return replyInvalid({ resource: 'Label', code: 'missing_field', field: 'name' });
	const { labels } = call.repository;
	if (labels.some((label) => label.name.toLowerCase() === name.toLowerCase()))
		return replyInvalid({ resource: 'Label', code: 'already_exists', field: 'name' });
	const color = toText(fields.color) ?? 'ededed';
	const label = { id: call.nextId(), name, color, description: toText(fields.description) ?? null };
	labels.push(label);
	return toJsonReply(201, toLabelJson(label, call));
};

const lock: Answer = (call) => {
	findIssue(call).isLocked = call.request.method === 'PUT';
	return toEmptyReply(204);
};

export const issueRoutes: readonly Route[] = [
	route('GET issues', open('issues'), list),
	route('POST issues', write('issues'), create),
	route('GET issues/{number}', open('issues'), (call) =>
		toJsonReply(200, toIssueJson(findIssue(call), call)),
	),
	route('PATCH issues/{number}', write('issues'), update),
	route('POST issues/{number}/labels', write('issues'), addLabels),
	route('DELETE issues/{number}/labels/{name}', write('issues'), removeLabel),
	route('PUT issues/{number}/lock', write('issues'), lock),
	route('DELETE issues/{number}/lock', write('issues'), lock),
	route('GET labels', open('issues'), listLabels),
	route('POST labels', write('issues'), createLabel),
];
