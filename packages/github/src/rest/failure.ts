import { SlipwayError } from '@slipway/core';
import type { GitHubCode } from '../code.ts';
import type { RestReply } from './reply.ts';

export type RestFailure = Exclude<RestReply<never>, { kind: 'ok' }>;

const CODES = {
	unauthorized: 'GITHUB_TOKEN_REFUSED',
	'no-right': 'GITHUB_NO_RIGHT',
	'not-found': 'GITHUB_NOT_FOUND',
	refused: 'GITHUB_REFUSED',
} as const satisfies Record<string, GitHubCode>;

const LATER = 'Run the same command again later: it looks first and changes only what is missing.';

const toUnsettled = (
	what: string,
	{ kind, reason, sent }: Extract<RestFailure, { reason: string }>,
	isChange: boolean,
): SlipwayError<GitHubCode> => {
	if (kind === 'limited')
		return new SlipwayError('GITHUB_LIMITED', `${what}: refused by a rate limit: ${reason}`, { hint: LATER });
	if (isChange && sent) {
		const message = `${what}: ${reason}, and reading it back shows no effect`;
		return new SlipwayError('GITHUB_REPLY_LOST', message, { hint: LATER });
	}
	return new SlipwayError('GITHUB_UNREACHABLE', `${what}: no usable answer: ${reason}`, { hint: LATER });
};

/** Why a read or a change came to nothing, for people. A change that may have happened is GITHUB_REPLY_LOST. */
export const toRestError = (
	what: string,
	failure: RestFailure,
	isChange = false,
): SlipwayError<GitHubCode> => {
	if ('reason' in failure) return toUnsettled(what, failure, isChange);
	const { kind, status, message, hint } = failure;
	return new SlipwayError(CODES[kind], `${what}: ${status} ${message}`, { hint });
};
