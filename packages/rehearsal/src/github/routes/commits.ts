import { type Answer, type Call, Refusal, type Route, toBase, toWeb } from '../server/call.ts';
import { toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyError, replyNotFound } from '../server/replies.ts';
import { open, route } from '../server/routing.ts';
import { toCommitJson } from './commit-json.ts';
import { toPullJson } from './pull-json.ts';

const MAX_LOG = 10_000;
/** Of one page of a comparison. */
const MAX_COMPARED = 250;

const list: Answer = async (call) => {
	const { request, git, repository } = call;
	const head = await git.resolve(request.query.get('sha') ?? repository.settings.defaultBranch);
	if (head === undefined) return replyNotFound();
	const path = request.query.get('path');
	const all = await git.log(head, { limit: MAX_LOG, ...(path !== null && { path }) });
	const { items, headers } = toPage(all, request, call.origin);
	return toJsonReply(
		200,
		items.map((commit) => toCommitJson(commit, call)),
		headers,
	);
};

const get: Answer = async (call) => {
	const name = call.params.ref ?? '';
	const sha = await call.git.resolve(name);
	const found = sha === undefined ? undefined : await call.git.commit(sha);
	return found
		? toJsonReply(200, toCommitJson(found, call))
		: replyError(422, `No commit found for SHA: ${name}`);
};

/** Pull requests that brought a commit to where it is. */
const pulls: Answer = (call) => {
	const { repository, params, request, origin } = call;
	const found = repository.issues.filter(
		({ pull }) => pull && (pull.mergeCommit === params.sha || pull.commits.includes(params.sha ?? '')),
	);
	const { items, headers } = toPage(found, request, origin);
	return toJsonReply(
		200,
		items.map((issue) => toPullJson(issue, call)),
		headers,
	);
};

const STATUS: Readonly<Record<string, string>> = { A: 'added', D: 'removed', M: 'modified' };

/** @throws Refusal */
const resolveBoth = async ({ params, git }: Call): Promise<readonly [string, string]> => {
	const [from = '', to = ''] = (params.range ?? '').split('...');
	const [base, head] = await Promise.all([git.resolve(from), git.resolve(to)]);
	if (base !== undefined && head !== undefined) return [base, head];
	throw new Refusal(replyNotFound());
};

const toStatus = (ahead: number, behind: number): string => {
	if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
	return behind === 0 ? 'ahead' : 'diverged';
};

/** Oldest first, as GitHub lists them. */
const compare: Answer = async (call) => {
	const { git } = call;
	const [base, head] = await resolveBoth(call);
	const mergeBase = (await git.mergeBase(base, head)) ?? base;
	const [ahead, behind, files, origin] = await Promise.all([
		git.log(head, { base, limit: MAX_LOG }),
		git.log(base, { base: head, limit: MAX_LOG }),
		git.diff(mergeBase, head),
		git.commit(mergeBase),
	]);
	const { items, headers } = toPage(ahead.toReversed(), call.request, call.origin, MAX_COMPARED);
	return toJsonReply(
		200,
		{
			url: `${toBase(call)}/compare/${call.params.range}`,
			html_url: `${toWeb(call)}/compare/${call.params.range}`,
			status: toStatus(ahead.length, behind.length),
			ahead_by: ahead.length,
			behind_by: behind.length,
			total_commits: ahead.length,
			merge_base_commit: origin && toCommitJson(origin, call),
			commits: items.map((commit) => toCommitJson(commit, call)),
			files: files.map(({ path, status }) => ({ filename: path, status: STATUS[status] ?? 'changed' })),
		},
		headers,
	);
};

export const commitRoutes: readonly Route[] = [
	route('GET commits', open('contents'), list),
	route('GET commits/{sha}/pulls', open('contents'), pulls),
	route('GET commits/{ref+}', open('contents'), get),
	route('GET compare/{range+}', open('contents'), compare),
];
