import { toPrintable } from '@slipway/core';
import * as v from 'valibot';
import { toRestError } from '../rest/failure.ts';
import { readPatiently } from '../rest/patience.ts';
import type { RestReply } from '../rest/reply.ts';
import type { GitHubRest } from '../rest/rest.ts';
import { GRAPHQL_PATH } from '../rest/wires.ts';

/** The login of a workflow's own token, where the server tells nobody who he is. */
const WORKFLOW_ACTOR = 'github-actions[bot]';

const User = v.object({ login: v.string() });

/** GraphQL refuses with status 200, without data and with errors (its specification, section 7.1). */
const Viewer = v.union([
	v.object({ data: v.object({ viewer: User }) }),
	v.object({
		errors: v.pipe(
			v.array(v.object({ type: v.fallback(v.string(), ''), message: v.fallback(v.string(), '') })),
			v.minLength(1),
		),
	}),
]);

/** A token of an app may not ask REST who it is, but GraphQL tells it, as it tells every other token. */
const askViewer = async (rest: GitHubRest): Promise<RestReply<string | undefined>> => {
	const body = { query: 'query { viewer { login } }' };
	const reply = await rest.send({ method: 'POST', path: GRAPHQL_PATH, body, schema: Viewer });
	if (reply.kind !== 'ok') return reply;
	if ('data' in reply.value) return { ...reply, value: reply.value.data.viewer.login };
	const { errors } = reply.value;
	if (!errors.some(({ type }) => type === 'RATE_LIMITED')) return { ...reply, value: undefined };
	const reason = toPrintable(errors.map(({ message }) => message).join('; '), 300);
	return { kind: 'limited', reason, retryAfterMs: undefined, sent: false };
};

/**
 * The login that this token acts as: as GraphQL tells it; as REST tells it, where a server refuses GraphQL; else that of a
 * job's own token.
 * @throws SlipwayError GITHUB_UNREACHABLE, GITHUB_LIMITED: nobody knows which issues are ours, so that none is opened twice
 */
export const readActor = async (rest: GitHubRest): Promise<string> => {
	const viewer = await readPatiently(rest, () => askViewer(rest));
	if (viewer.kind === 'ok' && viewer.value !== undefined) return viewer.value;
	const user = await readPatiently(rest, () => rest.send({ path: '/user', schema: User }));
	if (user.kind === 'ok') return user.value.login;
	for (const reply of [user, viewer])
		if ('reason' in reply) throw toRestError('the account of the token', reply);
	return WORKFLOW_ACTOR;
};
