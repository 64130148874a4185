import type { GitBackend } from '../git/backend.ts';
import { toGitAsked } from '../git/http-backend.ts';
import type { GitRoot } from '../git/open-git.ts';
import type { Repository } from '../state/repository.ts';
import { answerGit } from './answer-git.ts';
import { type Call, Refusal, type Route } from './call.ts';
import type { GitHubReply, GitHubRequest } from './exchange.ts';
import type { Course } from './faults.ts';
import { type RateCounter, withHeaders } from './headers.ts';
import { replyNotFound } from './replies.ts';
import { checkRight, identify, type Token, toAcceptedHeader } from './rights.ts';
import { ROUTES } from './routes.ts';
import { findRoute } from './routing.ts';
import type { Storage } from './storage.ts';
import { answerWeb } from './web.ts';

/** A repository with its git objects, which are no part of what is copied for stale reads. */
export interface Hosted {
	readonly repository: Repository;
	readonly git: GitBackend;
}

/** Everything one server holds. */
export interface Server {
	readonly origin: string;
	readonly storage: Storage;
	readonly gitRoot: GitRoot;
	/** By `owner/name` in lower case. */
	readonly hosted: Map<string, Hosted>;
	readonly tokens: Map<string, Token>;
	readonly rates: RateCounter;
	now(): number;
	nextId(): number;
}

/** What one request came to. */
export interface Answered {
	readonly reply: GitHubReply;
	/** What may have changed something, whether it was let or not. */
	readonly isRead: boolean;
}

/** Enterprise servers have the same API below a path, and GraphQL beside it. */
const withoutPrefix = (segments: readonly string[]): readonly string[] => {
	if (segments[0] !== 'api') return segments;
	if (segments[1] === 'v3') return segments.slice(2);
	return segments[1] === 'graphql' ? segments.slice(1) : segments;
};

const findHosted = (
	{ hosted }: Server,
	{ owner, repo }: Readonly<Record<string, string>>,
): Hosted | undefined =>
	owner === undefined || repo === undefined
		? hosted.values().next().value
		: hosted.get(`${owner}/${repo}`.toLowerCase());

/** Where a read is stale, the repository is as it was. */
const toSeen = ({ repository, git }: Hosted, { snapshot }: Course): Hosted => {
	const old = (snapshot as readonly Repository[] | undefined)?.find(({ id }) => id === repository.id);
	return { repository: old ?? repository, git };
};

const toCall = (
	server: Server,
	request: GitHubRequest,
	more: Hosted & Pick<Call, 'params' | 'token' | 'quirk'>,
): Call => ({
	...more,
	request,
	origin: server.origin,
	storage: server.storage,
	now: server.now,
	nextId: server.nextId,
});

const settle = async (answer: () => GitHubReply | Promise<GitHubReply>): Promise<GitHubReply> => {
	try {
		return await answer();
	} catch (thrown) {
		if (thrown instanceof Refusal) return thrown.reply;
		throw thrown;
	}
};

const answerRoute = async (
	server: Server,
	request: GitHubRequest,
	{ route, params, course }: { route: Route; params: Call['params']; course: Course },
): Promise<GitHubReply> => {
	const { secret, token } = identify(server.tokens, request);
	const hosted = findHosted(server, params);
	const repository = hosted && {
		fullName: `${hosted.repository.owner}/${hosted.repository.name}`,
		isPrivate: hosted.repository.settings.isPrivate,
	};
	const refused = checkRight({ secret, token, right: route.right, repository });
	const limits = server.rates.next(token, server.now());
	const accepted = token && token.kind !== 'classic' ? toAcceptedHeader(route.right) : {};
	if (refused || !hosted) return withHeaders(refused ?? replyNotFound(), request, { token, limits });
	const call = toCall(server, request, { ...toSeen(hosted, course), params, token, quirk: course.quirk });
	const reply = await settle(() => route.answer(call));
	return withHeaders(reply, request, { token, limits: { ...limits, ...accepted } });
};

const answerPeople = (server: Server, request: GitHubRequest): GitHubReply => {
	const [owner = '', repo = '', ...rest] = request.segments;
	const hosted = server.hosted.get(`${owner}/${repo}`.toLowerCase());
	const isRead = request.method === 'GET' || request.method === 'HEAD';
	if (!hosted || !isRead || hosted.repository.settings.isPrivate) return replyNotFound();
	const call = toCall(server, request, { ...hosted, params: {}, token: undefined, quirk: undefined });
	return answerWeb(call, rest);
};

/** The server's answer to one request: a route of the API, git's protocol, or a page for people. */
export const answer = async (server: Server, request: GitHubRequest, course: Course): Promise<Answered> => {
	const asked = toGitAsked(request);
	if (asked)
		return {
			reply: await answerGit(server, request, asked),
			isRead: !request.target.includes('/git-receive-pack'),
		};
	const segments = withoutPrefix(request.segments);
	const found = findRoute(ROUTES, { method: request.method, segments });
	if (found) {
		const reply = await answerRoute(server, request, { ...found, course });
		return { reply, isRead: found.route.isRead };
	}
	const isApi = segments[0] === 'repos' || segments !== request.segments;
	return { reply: isApi ? replyNotFound() : answerPeople(server, request), isRead: true };
};
