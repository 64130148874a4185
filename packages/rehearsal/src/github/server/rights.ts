import { randomBytes } from 'node:crypto';
import type { GitHubReply, GitHubRequest } from './exchange.ts';
import { replyBadCredentials, replyError, replyLogin, replyNotFound } from './replies.ts';

/** A permission of a token, as workflows name it. */
export type Scope =
	| 'actions'
	| 'administration'
	| 'attestations'
	| 'contents'
	| 'deployments'
	| 'issues'
	| 'metadata'
	| 'pages'
	| 'pull-requests';
export type Level = 'read' | 'write';
export type Permissions = Readonly<Partial<Record<Scope, Level>>>;

/**
 * Who sends requests. installation: a job's GITHUB_TOKEN or that of an app; fine-grained and classic: a person's; a
 * classic one may do everything.
 */
export interface Token {
	readonly kind: 'installation' | 'fine-grained' | 'classic';
	readonly permissions: Permissions;
	/** Account that acts. */
	readonly login: string;
	/** `OWNER/NAME` in lower case; undefined: all. */
	readonly repositories: readonly string[] | undefined;
}

/** What a route asks for. `public`: a public repository shows it to anybody. */
export interface Right {
	readonly scope: Scope;
	readonly level: Level;
	readonly isPublic: boolean;
	/** Another scope that is enough at the same level: comments of issues are those of pull requests too. */
	readonly or?: Scope | undefined;
}

const PREFIXES = { installation: 'ghs_', 'fine-grained': 'github_pat_', classic: 'ghp_' } as const;

export const makeTokenText = (kind: Token['kind']): string =>
	`${PREFIXES[kind]}${randomBytes(18).toString('hex')}`;

/** The secret of `Authorization: Bearer`, `token` or, as git sends it, `Basic`. */
export const readSecret = ({ headers }: Pick<GitHubRequest, 'headers'>): string | undefined => {
	const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
	if (scheme.toLowerCase() !== 'basic') return value || undefined;
	const [user = '', password] = Buffer.from(value, 'base64').toString().split(/:(.*)/s);
	return password || user || undefined;
};

/** The secret that a request brings and whose it is; undefined where it brings none, or one that nobody knows. */
export const identify = (
	tokens: ReadonlyMap<string, Token>,
	request: Pick<GitHubRequest, 'headers'>,
): { readonly secret: string | undefined; readonly token: Token | undefined } => {
	const secret = readSecret(request);
	return { secret, token: secret === undefined ? undefined : tokens.get(secret) };
};

export const mayDo = (token: Token, { scope, level, or }: Pick<Right, 'scope' | 'level' | 'or'>): boolean => {
	if (token.kind === 'classic') return true;
	const held = scope === 'metadata' ? 'read' : token.permissions[scope];
	if (held === 'write' || (held === 'read' && level === 'read')) return true;
	return or !== undefined && mayDo(token, { scope: or, level });
};

const toHolder = ({ kind }: Token): string =>
	kind === 'installation' ? 'integration' : 'personal access token';

const isOf = ({ repositories }: Token, repository: string): boolean =>
	repositories?.includes(repository.toLowerCase()) ?? true;

/** The header that names what would have been enough. */
export const toAcceptedHeader = ({ scope, level, or }: Right): Readonly<Record<string, string>> => ({
	'x-accepted-github-permissions': [scope, ...(or === undefined ? [] : [or])]
		.map((each) => `${each.replaceAll('-', '_')}=${level}`)
		.join('; '),
});

interface Asked {
	readonly secret: string | undefined;
	readonly token: Token | undefined;
	readonly right: Right;
	/** Undefined: the server has no such repository. */
	readonly repository: { readonly fullName: string; readonly isPrivate: boolean } | undefined;
}

/** Why a request for something of a repository is refused; undefined: it is not. */
export const checkRight = ({ secret, token, right, repository }: Asked): GitHubReply | undefined => {
	if (secret !== undefined && token === undefined) return replyBadCredentials();
	if (repository === undefined) return replyNotFound();
	const isSeen = !repository.isPrivate || (token !== undefined && isOf(token, repository.fullName));
	if (!isSeen) return replyNotFound();
	if (token === undefined) return right.isPublic ? undefined : replyLogin();
	if (right.isPublic && !repository.isPrivate) return undefined;
	if (isOf(token, repository.fullName) && mayDo(token, right)) return undefined;
	return replyError(403, `Resource not accessible by ${toHolder(token)}`, {
		headers: toAcceptedHeader(right),
	});
};
