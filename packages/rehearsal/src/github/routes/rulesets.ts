import { type Answer, type Call, type Route, toBase } from '../server/call.ts';
import { toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyError, replyNotFound } from '../server/replies.ts';
import { open, read, route } from '../server/routing.ts';
import type { Ruleset } from '../state/repository.ts';
import { findRulesets } from './rules.ts';

const toSummary = ({ id, name, target, enforcement }: Ruleset, { repository }: Call) => ({
	id,
	name,
	target,
	source_type: 'Repository',
	source: `${repository.owner}/${repository.name}`,
	enforcement,
});

const toJson = (ruleset: Ruleset, call: Call) => ({
	...toSummary(ruleset, call),
	conditions: { ref_name: { include: ruleset.include, exclude: ruleset.exclude } },
	rules: ruleset.rules,
	// Whom it does not bind is shown to those who may change it.
	...(call.token?.permissions.administration === 'write' && { bypass_actors: ruleset.bypass }),
});

const list: Answer = (call) => {
	const targets = call.request.query.get('targets')?.split(',');
	const found = call.repository.rulesets.filter(({ target }) => targets?.includes(target) ?? true);
	const { items, headers } = toPage(found, call.request, call.origin);
	return toJsonReply(
		200,
		items.map((ruleset) => toSummary(ruleset, call)),
		headers,
	);
};

const get: Answer = (call) => {
	const found = call.repository.rulesets.find(({ id }) => String(id) === call.params.id);
	return found ? toJsonReply(200, toJson(found, call)) : replyNotFound();
};

/** What binds a branch, rule by rule. */
const forBranch: Answer = (call) => {
	const bound = findRulesets(`refs/heads/${call.params.branch}`, call.repository);
	const rules = bound
		.filter(({ enforcement }) => enforcement === 'active')
		.flatMap((ruleset) =>
			ruleset.rules.map((rule) => ({
				...rule,
				ruleset_source_type: 'Repository',
				ruleset_source: `${call.repository.owner}/${call.repository.name}`,
				ruleset_id: ruleset.id,
			})),
		);
	const { items, headers } = toPage(rules, call.request, call.origin);
	return toJsonReply(200, items, headers);
};

const isProtected = (branch: string, { repository }: Call): boolean =>
	repository.protections.has(branch) ||
	findRulesets(`refs/heads/${branch}`, repository).some(({ enforcement }) => enforcement === 'active');

const toBranchJson = async (branch: string, call: Call) => {
	const sha = await call.git.resolve(`refs/heads/${branch}`);
	return {
		name: branch,
		commit: { sha, url: `${toBase(call)}/commits/${sha}` },
		protected: isProtected(branch, call),
		protection_url: `${toBase(call)}/branches/${encodeURIComponent(branch)}/protection`,
	};
};

const getBranch: Answer = async (call) => {
	const json = await toBranchJson(call.params.branch ?? '', call);
	return json.commit.sha === undefined ? replyError(404, 'Branch not found') : toJsonReply(200, json);
};

const listBranches: Answer = async (call) => {
	const refs = await call.git.refs('refs/heads/');
	const { items, headers } = toPage(refs, call.request, call.origin);
	const all = items.map(({ ref }) => toBranchJson(ref.slice('refs/heads/'.length), call));
	return toJsonReply(200, await Promise.all(all), headers);
};

const protection: Answer = (call) => {
	const found = call.repository.protections.get(call.params.branch ?? '');
	return found ? toJsonReply(200, found) : replyError(404, 'Branch not protected');
};

export const rulesetRoutes: readonly Route[] = [
	route('GET rulesets', open('metadata'), list),
	route('GET rulesets/{id}', open('metadata'), get),
	route('GET rules/branches/{branch}', open('metadata'), forBranch),
	route('GET branches', open('contents'), listBranches),
	route('GET branches/{branch}', open('contents'), getBranch),
	route('GET branches/{branch}/protection', read('administration'), protection),
];
