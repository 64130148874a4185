import * as v from 'valibot';
import { pathOf } from '../rest/path.ts';
import { readPatiently } from '../rest/patience.ts';
import type { RestReply } from '../rest/reply.ts';
import type { GitHubRest } from '../rest/rest.ts';
import { mapSetting, readSetting, type Setting, toSetting } from './setting.ts';

const ObjectId = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/));

const Target = v.object({ object: v.object({ type: v.string(), sha: ObjectId }) });

const MAX_DEPTH = 5;

/**
 * The commit that a tag resolves to, through annotated tags; one reply, so that a caller decides what silence means.
 * @param tag without `refs/tags/`
 */
export const resolveTag = async (rest: GitHubRest, tag: string): Promise<RestReply<string>> => {
	let reply = await rest.send({ path: pathOf`git/ref/tags/${tag}`, schema: Target });
	for (
		let depth = 0;
		reply.kind === 'ok' && reply.value.object.type === 'tag' && depth < MAX_DEPTH;
		depth += 1
	)
		reply = await rest.send({ path: pathOf`git/tags/${reply.value.object.sha}`, schema: Target });
	return reply.kind === 'ok' ? { ...reply, value: reply.value.object.sha } : reply;
};

/** As resolveTag, as a setting. */
export const readTagCommit = async (rest: GitHubRest, tag: string): Promise<Setting<string>> =>
	toSetting(await readPatiently(rest, () => resolveTag(rest, tag), 2));

const Comparison = v.object({ status: v.picklist(['identical', 'ahead', 'behind', 'diverged']) });

/**
 * Whether a branch holds a commit: it is the branch's head, or the head comes after it. Absent: no such branch or commit.
 * @param branch without `refs/heads/`
 */
export const readIsOnBranch = async (
	rest: GitHubRest,
	{ branch, commit }: { readonly branch: string; readonly commit: string },
): Promise<Setting<boolean>> => {
	// The files that differ, up to 300, come with the first page alone.
	const path = `${pathOf`compare/${branch}...${commit}`}?page=2&per_page=1`;
	const compared = await readSetting(rest, { path, schema: Comparison });
	return mapSetting(compared, ({ status }) => status === 'identical' || status === 'behind');
};

const Content = v.object({ type: v.literal('file'), encoding: v.literal('base64'), content: v.string() });

/**
 * The bytes of a file (1 MB at most) at a branch, tag or commit.
 * @param path in the repository, with slashes
 */
export const readRepositoryFile = async (
	rest: GitHubRest,
	path: string,
	ref: string,
): Promise<Setting<Uint8Array>> => {
	const encoded = path.split('/').map(encodeURIComponent).join('/');
	const setting = await readSetting(rest, {
		path: `contents/${encoded}?ref=${encodeURIComponent(ref)}`,
		schema: Content,
	});
	return mapSetting(setting, ({ content }) => new Uint8Array(Buffer.from(content, 'base64')));
};
