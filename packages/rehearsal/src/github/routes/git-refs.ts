import type { Ref } from '../git/backend.ts';
import {
	type Answer,
	type Call,
	Refusal,
	type Route,
	readFields,
	toBase,
	toFlag,
	toText,
} from '../server/call.ts';
import { toEmptyReply, toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyError, replyNotFound } from '../server/replies.ts';
import { open, route, write } from '../server/routing.ts';
import { toCommitJson, toPersonJson } from './commit-json.ts';
import { checkRules } from './rules.ts';

const toRefJson = ({ ref, sha, type }: Ref, call: Call) => ({
	ref,
	node_id: Buffer.from(ref).toString('base64'),
	url: `${toBase(call)}/git/${ref}`,
	object: { sha, type, url: `${toBase(call)}/git/${type}s/${sha}` },
});

/** @throws Refusal */
const findRef = async (call: Call): Promise<Ref> => {
	const wanted = `refs/${call.params.ref}`;
	const found = (await call.git.refs(wanted)).find(({ ref }) => ref === wanted);
	if (found) return found;
	throw new Refusal(replyNotFound());
};

const get: Answer = async (call) => toJsonReply(200, toRefJson(await findRef(call), call));

const matching: Answer = async (call) => {
	const found = await call.git.refs(`refs/${call.params.ref}`);
	const { items, headers } = toPage(found, call.request, call.origin);
	return toJsonReply(
		200,
		items.map((ref) => toRefJson(ref, call)),
		headers,
	);
};

const create: Answer = async (call) => {
	const fields = readFields(call);
	const ref = toText(fields.ref) ?? '';
	const sha = toText(fields.sha) ?? '';
	if (!/^refs\/[^/]+\/.+/.test(ref))
		return replyError(422, "Reference name must start with 'refs/' and contain at least two slashes.");
	if (!(await call.git.hasObject(sha))) return replyError(422, 'Object does not exist');
	const exists = (await call.git.refs(ref)).some((each) => each.ref === ref);
	if (!exists) checkRules({ ref, change: 'creation' }, call);
	if (exists || !(await call.git.setRef(ref, sha))) return replyError(422, 'Reference already exists');
	const made = (await call.git.refs(ref)).find((each) => each.ref === ref);
	return made ? toJsonReply(201, toRefJson(made, call)) : replyError(409, 'Conflict');
};

const update: Answer = async (call) => {
	const { ref, sha: old } = await findRef(call).catch(() => {
		throw new Refusal(replyError(422, 'Reference does not exist'));
	});
	const fields = readFields(call);
	const sha = toText(fields.sha) ?? '';
	if (!(await call.git.hasObject(sha))) return replyError(422, 'Object does not exist');
	const isForward = await call.git.isAncestor(old, sha);
	if (!isForward && toFlag(fields.force) !== true) return replyError(422, 'Update is not a fast forward');
	checkRules({ ref, change: isForward ? 'update' : 'non_fast_forward' }, call);
	if (!(await call.git.setRef(ref, sha, old))) return replyError(409, 'Reference cannot be updated');
	return toJsonReply(200, toRefJson(await findRef(call), call));
};

const remove: Answer = async (call) => {
	const { ref } = await findRef(call).catch(() => {
		throw new Refusal(replyError(422, 'Reference does not exist'));
	});
	checkRules({ ref, change: 'deletion' }, call);
	await call.git.deleteRef(ref);
	return toEmptyReply(204);
};

const getTag: Answer = async (call) => {
	const found = await call.git.tagObject(call.params.sha ?? '');
	if (!found) return replyNotFound();
	const { sha, tag, message, object, tagger } = found;
	const target = { sha: object, type: 'commit', url: `${toBase(call)}/git/commits/${object}` };
	return toJsonReply(200, { sha, tag, message, tagger: tagger && toPersonJson(tagger), object: target });
};

const createTag: Answer = async (call) => {
	const fields = readFields(call);
	const [tag = '', message = '', object = ''] = [fields.tag, fields.message, fields.object].map(toText);
	if (!(await call.git.hasObject(object))) return replyError(422, 'Object does not exist');
	const date = new Date(call.now()).toISOString();
	const tagger = { name: call.token?.login ?? 'ghost', email: 'ghost@localhost', date };
	const sha = await call.git.makeTag({ tag, message, object, tagger });
	return toJsonReply(201, { sha, tag, message, object: { sha: object, type: 'commit' } });
};

const getCommit: Answer = async (call) => {
	const found = await call.git.commit(call.params.sha ?? '');
	return found
		? toJsonReply(200, {
				sha: found.sha,
				...toCommitJson(found, call).commit,
				parents: found.parents.map((sha) => ({ sha })),
			})
		: replyNotFound();
};

const tags: Answer = async (call) => {
	const found = await call.git.refs('refs/tags/');
	const { items, headers } = toPage(found.toReversed(), call.request, call.origin);
	const all = items.map(async ({ ref }) => {
		const sha = await call.git.resolve(ref);
		return { name: ref.slice('refs/tags/'.length), commit: { sha, url: `${toBase(call)}/commits/${sha}` } };
	});
	return toJsonReply(200, await Promise.all(all), headers);
};

export const gitRefRoutes: readonly Route[] = [
	route('GET git/ref/{ref+}', open('contents'), get),
	route('GET git/matching-refs/{ref+}', open('contents'), matching),
	route('POST git/refs', write('contents'), create),
	route('PATCH git/refs/{ref+}', write('contents'), update),
	route('DELETE git/refs/{ref+}', write('contents'), remove),
	route('GET git/tags/{sha}', open('contents'), getTag),
	route('POST git/tags', write('contents'), createTag),
	route('GET git/commits/{sha}', open('contents'), getCommit),
	route('GET tags', open('contents'), tags),
];
