import * as v from 'valibot';
import { type RestFailure, toRestError } from '../rest/failure.ts';
import { readPages } from '../rest/pages.ts';
import { pathOf } from '../rest/path.ts';
import { askPatiently, readPatiently } from '../rest/patience.ts';
import type { GitHubRest } from '../rest/rest.ts';
import { readActor } from './actor.ts';
import { Author, isOurs, toMarkedBody } from './marker.ts';

/** One open issue at most belongs to a marker. */
export interface IssueRequest {
	/** Letters, digits and . _ : / @ -; hidden in the text. */
	readonly marker: string;
	readonly title: string;
	/** Markdown, made safe by the caller; cut to 65,536 characters. */
	readonly body: string;
	readonly labels?: readonly string[];
	/** The login that the token acts as. Default: asked for, else the one of a workflow's token. */
	readonly actor?: string | undefined;
}

export interface Upserted {
	readonly outcome: 'created' | 'updated' | 'unchanged';
	/** Of the issue; of the comment for comments. */
	readonly id: number;
	/** Where people see it. */
	readonly url: string;
}

const Issue = v.object({
	number: v.number(),
	html_url: v.string(),
	title: v.string(),
	body: v.nullish(v.string()),
	user: Author,
	pull_request: v.optional(v.unknown()),
});
type Issue = v.InferOutput<typeof Issue>;

const MAX_TITLE = 256;
const READ_BACK_MS = 1500;

const findOpen = async (
	rest: GitHubRest,
	marker: string,
	actor: string,
): Promise<{ readonly issue: Issue | undefined } | RestFailure> => {
	const path = `issues?state=open&sort=created&direction=asc&creator=${encodeURIComponent(actor)}`;
	const reply = await readPatiently(rest, () => readPages(rest, { path, item: Issue }));
	if (reply.kind !== 'ok') return reply;
	return { issue: reply.value.find((issue) => !issue.pull_request && isOurs(issue, marker, actor)) };
};

/** @throws SlipwayError GITHUB_* where the issues cannot be read */
const readOpen = async (rest: GitHubRest, marker: string, actor: string): Promise<Issue | undefined> => {
	const found = await findOpen(rest, marker, actor);
	if ('kind' in found) throw toRestError(`issues of ${rest.repository}`, found);
	return found.issue;
};

const toUpserted = (outcome: Upserted['outcome'], { number, html_url }: Issue): Upserted => ({
	outcome,
	id: number,
	url: html_url,
});

/** Sent once; a lost reply is settled by looking for the issue. */
const createIssue = async (rest: GitHubRest, request: IssueRequest, actor: string): Promise<Upserted> => {
	const { marker, title, body, labels = [] } = request;
	const content = { title: title.slice(0, MAX_TITLE), body: toMarkedBody(marker, body), labels };
	const reply = await askPatiently(rest, () =>
		rest.send({ method: 'POST', path: 'issues', body: content, schema: Issue }),
	);
	if (reply.kind === 'ok') return toUpserted('created', reply.value);
	if (reply.kind === 'unknown' && reply.sent) {
		await rest.scope.clock.sleep(READ_BACK_MS, rest.scope.signal);
		const issue = await readOpen(rest, marker, actor);
		if (issue) return toUpserted('created', issue);
	}
	throw toRestError(`a new issue in ${rest.repository}`, reply, true);
};

const updateIssue = async (
	rest: GitHubRest,
	issue: Issue,
	change: Readonly<Record<string, unknown>>,
): Promise<Issue> => {
	const path = pathOf`issues/${issue.number}`;
	const reply = await askPatiently(rest, () =>
		rest.send({ method: 'PATCH', path, body: change, schema: Issue }),
	);
	if (reply.kind === 'ok') return reply.value;
	throw toRestError(`issue ${issue.number} of ${rest.repository}`, reply, true);
};

/**
 * Opens an issue, or brings the open one of this marker up to date; only what this actor made is touched. Labels are set
 * when it is opened and then left to people.
 * @throws SlipwayError GITHUB_*
 */
export const upsertIssue = async (rest: GitHubRest, request: IssueRequest): Promise<Upserted> => {
	const actor = request.actor ?? (await readActor(rest));
	const issue = await readOpen(rest, request.marker, actor);
	if (!issue) return createIssue(rest, request, actor);
	const title = request.title.slice(0, MAX_TITLE);
	const body = toMarkedBody(request.marker, request.body);
	if (issue.title === title && issue.body?.replaceAll('\r\n', '\n') === body)
		return toUpserted('unchanged', issue);
	return toUpserted('updated', await updateIssue(rest, issue, { title, body }));
};

/**
 * Closes the open issue of this marker, if there is one. @returns its number
 * @throws SlipwayError GITHUB_*
 */
export const closeIssue = async (
	rest: GitHubRest,
	{ marker, actor }: Pick<IssueRequest, 'marker' | 'actor'>,
): Promise<number | undefined> => {
	const issue = await readOpen(rest, marker, actor ?? (await readActor(rest)));
	if (!issue) return undefined;
	await updateIssue(rest, issue, { state: 'closed', state_reason: 'completed' });
	return issue.number;
};
