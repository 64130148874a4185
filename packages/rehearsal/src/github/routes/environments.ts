import { type Answer, type Call, Refusal, type Route, toBase } from '../server/call.ts';
import { toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyNotFound } from '../server/replies.ts';
import { open, route } from '../server/routing.ts';
import type { Environment } from '../state/repository.ts';
import { toUser } from './users.ts';

/** One rule for each thing that holds a job up. */
const toRules = ({ id, waitTimer, reviewers, preventSelfReview, branchPolicy }: Environment, call: Call) => [
	...(waitTimer > 0 ? [{ id: id + 1, type: 'wait_timer', wait_timer: waitTimer }] : []),
	...(reviewers.length > 0
		? [
				{
					id: id + 2,
					type: 'required_reviewers',
					prevent_self_review: preventSelfReview,
					reviewers: reviewers.map(({ type, login }) => ({ type, reviewer: toUser(login, call) })),
				},
			]
		: []),
	...(branchPolicy === null ? [] : [{ id: id + 3, type: 'branch_policy' }]),
];

const toJson = (environment: Environment, call: Call) => {
	const { id, name, branchPolicy, canAdminsBypass } = environment;
	return {
		id,
		node_id: Buffer.from(`Environment:${id}`).toString('base64'),
		name,
		url: `${toBase(call)}/environments/${encodeURIComponent(name)}`,
		html_url: `${call.origin}/${call.repository.owner}/${call.repository.name}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
		can_admins_bypass: canAdminsBypass,
		protection_rules: toRules(environment, call),
		deployment_branch_policy: branchPolicy && {
			protected_branches: branchPolicy === 'protected',
			custom_branch_policies: branchPolicy === 'custom',
		},
	};
};

/** @throws Refusal */
const find = ({ repository, params }: Call): Environment => {
	const found = repository.environments.find(({ name }) => name === params.name);
	if (found) return found;
	throw new Refusal(replyNotFound());
};

const list: Answer = (call) => {
	const { repository, request, origin } = call;
	const { items, headers } = toPage(repository.environments, request, origin);
	const environments = items.map((environment) => toJson(environment, call));
	return toJsonReply(200, { total_count: repository.environments.length, environments }, headers);
};

const policies: Answer = (call) => {
	const { policies: all } = find(call);
	const { items, headers } = toPage(all, call.request, call.origin);
	return toJsonReply(200, { total_count: all.length, branch_policies: items }, headers);
};

export const environmentRoutes: readonly Route[] = [
	route('GET environments', open('actions'), list),
	route('GET environments/{name}', open('actions'), (call) => toJsonReply(200, toJson(find(call), call))),
	route('GET environments/{name}/deployment-branch-policies', open('actions'), policies),
];
