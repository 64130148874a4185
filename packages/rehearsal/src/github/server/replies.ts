import { type GitHubReply, toJsonReply } from './exchange.ts';

const DOCUMENTATION = 'https://docs.github.com/rest';

/** One mistake of a request, as the API lists it. */
export interface Mistake {
	readonly resource: string;
	readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
	readonly field?: string;
	readonly message?: string;
}

export const replyError = (
	status: number,
	message: string,
	more: { readonly errors?: readonly Mistake[]; readonly headers?: Readonly<Record<string, string>> } = {},
): GitHubReply =>
	toJsonReply(
		status,
		{
			message,
			...(more.errors && { errors: more.errors }),
			documentation_url: DOCUMENTATION,
			status: String(status),
		},
		more.headers,
	);

export const replyNotFound = (): GitHubReply => replyError(404, 'Not Found');

export const replyInvalid = (...errors: readonly Mistake[]): GitHubReply =>
	replyError(422, 'Validation Failed', { errors });

export const replyProblems = (): GitHubReply => replyError(400, 'Problems parsing JSON');

export const replyBadCredentials = (): GitHubReply => replyError(401, 'Bad credentials');

export const replyLogin = (): GitHubReply => replyError(401, 'Requires authentication');

export const replySecondaryLimit = (seconds: number): GitHubReply =>
	replyError(
		403,
		'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
		{ headers: { 'retry-after': String(seconds) } },
	);
