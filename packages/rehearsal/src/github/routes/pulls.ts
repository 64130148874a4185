import type { Answer, Route } from '../server/call.ts';
import { toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyNotFound } from '../server/replies.ts';
import { open, route } from '../server/routing.ts';
import { toPullJson } from './pull-json.ts';

const list: Answer = (call) => {
	const state = call.request.query.get('state') ?? 'open';
	const found = call.repository.issues.filter(
		(issue) => issue.pull && (state === 'all' || issue.state === state),
	);
	const { items, headers } = toPage(found.toReversed(), call.request, call.origin);
	return toJsonReply(
		200,
		items.map((issue) => toPullJson(issue, call)),
		headers,
	);
};

const get: Answer = (call) => {
	const found = call.repository.issues.find(
		({ number, pull }) => pull && String(number) === call.params.number,
	);
	return found ? toJsonReply(200, toPullJson(found, call)) : replyNotFound();
};

export const pullRoutes: readonly Route[] = [
	route('GET pulls', open('pull-requests'), list),
	route('GET pulls/{number}', open('pull-requests'), get),
];
