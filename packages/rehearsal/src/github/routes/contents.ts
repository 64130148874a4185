import { trimEndOf } from '@slipway/core';
import type { Entry } from '../git/backend.ts';
import {
	type Answer,
	type Call,
	type Fields,
	Refusal,
	type Route,
	readFields,
	toBase,
	toText,
	toWeb,
} from '../server/call.ts';
import { toBytesReply, toJsonReply } from '../server/exchange.ts';
import { replyError, replyInvalid, replyNotFound } from '../server/replies.ts';
import { open, route, write } from '../server/routing.ts';
import { toCommitJson } from './commit-json.ts';
import { checkRules } from './rules.ts';

const toEntryJson = (entry: Entry, ref: string, call: Call) => {
	const path = entry.path.split('/').map(encodeURIComponent).join('/');
	return {
		type: entry.type,
		name: entry.path.split('/').at(-1),
		path: entry.path,
		sha: entry.sha,
		size: entry.size,
		url: `${toBase(call)}/contents/${path}?ref=${encodeURIComponent(ref)}`,
		git_url: `${toBase(call)}/git/${entry.type === 'file' ? 'blobs' : 'trees'}/${entry.sha}`,
		html_url: `${toWeb(call)}/blob/${encodeURIComponent(ref)}/${path}`,
		download_url: entry.type === 'file' ? `${toWeb(call)}/raw/${encodeURIComponent(ref)}/${path}` : null,
	};
};

/** Lines of 60 characters, as GitHub sends it. */
const toBase64 = (bytes: Uint8Array): string =>
	Buffer.from(bytes).toString('base64').replace(/.{60}/g, '$&\n');

const LARGEST_INLINE = 1024 * 1024;

const replyFile = async (entry: Entry, ref: string, call: Call) => {
	const bytes = (await call.git.blob(entry.sha)) ?? Buffer.alloc(0);
	if (call.request.headers.accept?.includes('raw'))
		return toBytesReply(bytes, 'application/vnd.github.raw+json');
	const inline = bytes.length <= LARGEST_INLINE;
	const content = inline
		? { content: toBase64(bytes), encoding: 'base64' }
		: { content: '', encoding: 'none' };
	return toJsonReply(200, { ...toEntryJson(entry, ref, call), ...content });
};

const get: Answer = async (call) => {
	const { git, params, request, repository } = call;
	const ref = request.query.get('ref') ?? repository.settings.defaultBranch;
	const commit = await git.resolve(ref);
	if (commit === undefined) return replyError(404, `No commit found for the ref ${ref}`);
	const path = trimEndOf(params.path ?? '', '/');
	const entry = path === '' ? undefined : await git.entry(commit, path);
	if (entry?.type === 'file') return replyFile(entry, ref, call);
	if (path !== '' && entry === undefined) return replyNotFound();
	const entries = await git.list(commit, path);
	return toJsonReply(
		200,
		entries.map((each) => toEntryJson(each, ref, call)),
	);
};

interface Wanted {
	readonly branch: string;
	readonly path: string;
	/** The blob that is there now. */
	readonly current: Entry | undefined;
	readonly message: string;
	readonly author: { readonly name: string; readonly email: string };
}

/** What both kinds of changes demand; the file's `sha` is the comparison. @throws Refusal */
const readWanted = async (fields: Fields, call: Call): Promise<Wanted> => {
	const { git, params, repository, token } = call;
	const branch = toText(fields.branch) ?? repository.settings.defaultBranch;
	const path = params.path ?? '';
	const message = toText(fields.message);
	if (message === undefined)
		throw new Refusal(replyInvalid({ resource: 'Commit', code: 'missing_field', field: 'message' }));
	const commit = await git.resolve(`refs/heads/${branch}`);
	if (commit === undefined) throw new Refusal(replyError(404, `Branch ${branch} not found`));
	checkRules({ ref: `refs/heads/${branch}`, change: 'update' }, call);
	const current = await git.entry(commit, path);
	const sha = toText(fields.sha);
	if (current && sha === undefined)
		throw new Refusal(replyError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.'));
	if ((sha ?? current?.sha) !== current?.sha)
		throw new Refusal(replyError(409, `${path} does not match ${sha}`));
	const login = token?.login ?? 'ghost';
	return { branch, path, current, message, author: { name: login, email: `${login}@localhost` } };
};

const put: Answer = async (call) => {
	const fields = readFields(call);
	const wanted = await readWanted(fields, call);
	const bytes = Buffer.from(toText(fields.content) ?? '', 'base64');
	const sha = await call.git.write({ ...wanted, bytes });
	const [commit, entry] = await Promise.all([call.git.commit(sha), call.git.entry(sha, wanted.path)]);
	return toJsonReply(wanted.current ? 200 : 201, {
		content: entry && toEntryJson(entry, wanted.branch, call),
		commit: commit && toCommitJson(commit, call),
	});
};

const remove: Answer = async (call) => {
	const wanted = await readWanted(readFields(call), call);
	if (wanted.current === undefined) return replyNotFound();
	const sha = await call.git.write({ ...wanted, bytes: undefined });
	const commit = await call.git.commit(sha);
	return toJsonReply(200, { content: null, commit: commit && toCommitJson(commit, call) });
};

export const contentRoutes: readonly Route[] = [
	route('GET contents', open('contents'), get),
	route('GET contents/{path+}', open('contents'), get),
	route('PUT contents/{path+}', write('contents'), put),
	route('DELETE contents/{path+}', write('contents'), remove),
];
