import * as v from 'valibot';
import { toRestError } from '../rest/failure.ts';
import { readPages } from '../rest/pages.ts';
import { pathOf } from '../rest/path.ts';
import { askPatiently, readPatiently } from '../rest/patience.ts';
import type { GitHubRest } from '../rest/rest.ts';
import { readActor } from './actor.ts';
import type { Upserted } from './issue.ts';
import { Author, isOurs, toMarkedBody } from './marker.ts';

export interface CommentRequest {
	/** As for issues. */
	readonly marker: string;
	/** Of the issue or pull request. */
	readonly number: number;
	/** Markdown, made safe by the caller; cut to 65,536 characters. */
	readonly body: string;
	readonly actor?: string | undefined;
}

const Comment = v.object({
	id: v.number(),
	html_url: v.string(),
	body: v.nullish(v.string()),
	user: Author,
});
type Comment = v.InferOutput<typeof Comment>;

const READ_BACK_MS = 1500;

const find = async (
	rest: GitHubRest,
	{ marker, number }: CommentRequest,
	actor: string,
): Promise<Comment | undefined> => {
	const path = pathOf`issues/${number}/comments`;
	const reply = await readPatiently(rest, () => readPages(rest, { path, item: Comment }));
	if (reply.kind === 'ok') return reply.value.find((comment) => isOurs(comment, marker, actor));
	throw toRestError(`comments of ${rest.repository}#${number}`, reply);
};

const write = (rest: GitHubRest, method: 'POST' | 'PATCH', path: string, body: string) =>
	askPatiently(rest, () => rest.send({ method, path, body: { body }, schema: Comment }));

/**
 * Writes a comment, or brings the one of this marker up to date; only what this actor made is touched.
 * @throws SlipwayError GITHUB_*
 */
export const upsertComment = async (rest: GitHubRest, request: CommentRequest): Promise<Upserted> => {
	const actor = request.actor ?? (await readActor(rest));
	const body = toMarkedBody(request.marker, request.body);
	const found = await find(rest, request, actor);
	const toUpserted = (outcome: Upserted['outcome'], { id, html_url }: Comment) => ({
		outcome,
		id,
		url: html_url,
	});
	if (found?.body?.replaceAll('\r\n', '\n') === body) return toUpserted('unchanged', found);
	const reply = found
		? await write(rest, 'PATCH', pathOf`issues/comments/${found.id}`, body)
		: await write(rest, 'POST', pathOf`issues/${request.number}/comments`, body);
	if (reply.kind === 'ok') return toUpserted(found ? 'updated' : 'created', reply.value);
	if (reply.kind === 'unknown' && reply.sent) {
		await rest.scope.clock.sleep(READ_BACK_MS, rest.scope.signal);
		const settled = await find(rest, request, actor);
		if (settled?.body?.replaceAll('\r\n', '\n') === body)
			return toUpserted(found ? 'updated' : 'created', settled);
	}
	throw toRestError(`a comment on ${rest.repository}#${request.number}`, reply, true);
};
