import { type GitAsked, serveGit } from '../git/http-backend.ts';
import { readPush, replyForbidden } from '../git/push-rules.ts';
import { findViolation } from '../routes/rules.ts';
import { type GitHubReply, type GitHubRequest, toEmptyReply } from './exchange.ts';
import { replyNotFound } from './replies.ts';
import { checkRight, identify } from './rights.ts';
import type { Hosted, Server } from './server.ts';

const ASK_LOGIN = { 'www-authenticate': 'Basic realm="GitHub"' };

/** What a rule of the repository says to a push; undefined: nothing. */
const checkPush = (
	{ repository }: Hosted,
	request: GitHubRequest,
	login: string,
): GitHubReply | undefined => {
	const push = readPush(request);
	for (const change of push.changes) {
		const text = findViolation(change, { repository, login });
		if (text !== undefined) return replyForbidden(push, { ref: change.ref, text });
	}
	return undefined;
};

/** The answer to a request of git's own protocol. */
export const answerGit = async (
	server: Server,
	request: GitHubRequest,
	asked: GitAsked,
): Promise<GitHubReply> => {
	const { secret, token } = identify(server.tokens, request);
	const hosted = server.hosted.get(asked.fullName.toLowerCase());
	const { gitRoot } = server;
	const { root } = gitRoot;
	if (!hosted || root === undefined) return secret ? replyNotFound() : toEmptyReply(401, ASK_LOGIN);
	const { owner, name, settings } = hosted.repository;
	const fullName = `${owner}/${name}`;
	const right = {
		scope: 'contents',
		level: asked.isPush ? 'write' : 'read',
		isPublic: !asked.isPush,
	} as const;
	const refused = checkRight({
		secret,
		token,
		right,
		repository: { fullName, isPrivate: settings.isPrivate },
	});
	// git asks for a password only when it is told to; a wrong one is told so again.
	if (refused && (token === undefined || refused.status === 401)) return toEmptyReply(401, ASK_LOGIN);
	if (refused) return refused;
	const forbidden = asked.isPush ? checkPush(hosted, request, token?.login ?? '') : undefined;
	return forbidden ?? serveGit(request, { ...asked, fullName }, { ...gitRoot, root, login: token?.login });
};
