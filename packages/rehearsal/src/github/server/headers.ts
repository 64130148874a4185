import { createHash } from 'node:crypto';
import { type GitHubReply, type GitHubRequest, toEmptyReply } from './exchange.ts';
import type { Token } from './rights.ts';

const HOUR_S = 3600;
const LIMITS = { anonymous: 60, installation: 1000, person: 5000 } as const;

const toLimit = (token: Token | undefined): number => {
	if (token === undefined) return LIMITS.anonymous;
	return token.kind === 'installation' ? LIMITS.installation : LIMITS.person;
};

/** Counts requests for the headers of the primary rate limit; it is told, never enforced: a fault does that. */
export class RateCounter {
	#used = 0;

	next(token: Token | undefined, now: number): Readonly<Record<string, string>> {
		this.#used += 1;
		const limit = toLimit(token);
		return {
			'x-ratelimit-limit': String(limit),
			'x-ratelimit-remaining': String(Math.max(limit - this.#used, 1)),
			'x-ratelimit-used': String(this.#used),
			'x-ratelimit-reset': String(Math.ceil(now / 1000) + HOUR_S),
			'x-ratelimit-resource': 'core',
		};
	}
}

const toScopes = (token: Token | undefined): Readonly<Record<string, string>> =>
	token?.kind === 'classic' ? { 'x-oauth-scopes': 'repo, workflow', 'x-accepted-oauth-scopes': 'repo' } : {};

/** What every reply of the API bears; a reader who has this very reply already gets 304. */
export const withHeaders = (
	reply: GitHubReply,
	{ method, headers }: GitHubRequest,
	more: { readonly token: Token | undefined; readonly limits: Readonly<Record<string, string>> },
): GitHubReply => {
	const common = {
		server: 'github.com',
		'x-github-media-type': 'github.v3; format=json',
		'x-github-api-version-selected': '2022-11-28',
		...more.limits,
		...toScopes(more.token),
	};
	const isRead = reply.status === 200 && (method === 'GET' || method === 'HEAD');
	if (!isRead) return { ...reply, headers: { ...common, ...reply.headers } };
	const etag = `W/"${createHash('sha256').update(reply.body).digest('hex')}"`;
	const tagged = { ...common, etag, ...reply.headers };
	if (headers['if-none-match'] === etag) return toEmptyReply(304, tagged);
	return { ...reply, headers: tagged };
};
