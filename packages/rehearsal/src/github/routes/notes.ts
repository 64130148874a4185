import { type Answer, type Call, type Route, readFields, toText, toWeb } from '../server/call.ts';
import { toJsonReply } from '../server/exchange.ts';
import { replyInvalid } from '../server/replies.ts';
import { route, write } from '../server/routing.ts';
import { findByTag, findLatest } from '../state/release.ts';
import type { Issue } from '../state/repository.ts';

const MAX_LOG = 10_000;

/** The release before: named, or the latest that is not this one. */
const findPrevious = ({ repository }: Call, tag: string, asked: string | undefined): string | undefined => {
	if (asked !== undefined) return asked;
	const { releases, latest } = repository;
	const others = releases.filter((release) => release.tag !== tag);
	return findByTag(others, findLatest(others, latest)?.tag ?? '')?.tag;
};

const toLine = ({ title, author, number }: Issue, call: Call): string =>
	`* ${title} by @${author} in ${toWeb(call)}/pull/${number}`;

/** Merged pull requests between two tags, as GitHub lists them. */
const generate: Answer = async (call) => {
	const fields = readFields(call);
	const tag = toText(fields.tag_name) ?? '';
	if (tag === '') return replyInvalid({ resource: 'Release', code: 'missing_field', field: 'tag_name' });
	const { git, repository } = call;
	const target = toText(fields.target_commitish) ?? repository.settings.defaultBranch;
	const head = (await git.resolve(`refs/tags/${tag}`)) ?? (await git.resolve(target));
	const previous = findPrevious(call, tag, toText(fields.previous_tag_name));
	const base = previous === undefined ? undefined : await git.resolve(`refs/tags/${previous}`);
	if (head === undefined || (toText(fields.previous_tag_name) !== undefined && base === undefined))
		return replyInvalid({
			resource: 'Release',
			code: 'invalid',
			field: base ? 'target_commitish' : 'previous_tag_name',
		});
	const commits = await git.log(head, { limit: MAX_LOG, ...(base !== undefined && { base }) });
	const shas = new Set(commits.map(({ sha }) => sha));
	const merged = repository.issues.filter(({ pull }) => pull?.mergeCommit && shas.has(pull.mergeCommit));
	const changes =
		merged.length > 0 ? ["## What's Changed", ...merged.map((issue) => toLine(issue, call)), ''] : [];
	const range = previous === undefined ? `commits/${tag}` : `compare/${previous}...${tag}`;
	const body = [...changes, '', `**Full Changelog**: ${toWeb(call)}/${range}`].join('\n');
	return toJsonReply(200, { name: tag, body });
};

export const noteRoutes: readonly Route[] = [
	route('POST releases/generate-notes', write('contents'), generate, true),
];
