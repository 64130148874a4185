import { SlipwayError, toMessage } from '@slipway/core';
import type { Environment } from './declaration.ts';
import type { RunnerCode } from './runner-error.ts';

/** Gives a short-lived OIDC token of this job for one audience; masked in the log. A new one at each call. */
export type IdTokenSource = (audience: string) => Promise<string>;

const refused = (message: string, cause?: unknown): SlipwayError<RunnerCode> =>
	new SlipwayError('RUNNER_NO_ID_TOKEN', message, {
		hint: "Add `id-token: write` to the job's permissions, and to those of the job that calls this workflow.",
		cause,
	});

/** The token endpoint of the job; undefined where the job was not given the right to it. */
export const toIdTokenSource = (environment: Environment): IdTokenSource | undefined => {
	if (!environment.ACTIONS_ID_TOKEN_REQUEST_URL || !environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
		return undefined;
	return async (audience) => {
		const { getIDToken } = await import('@actions/core');
		return await getIDToken(audience).catch((cause) => {
			throw refused(`expected an ID token for ${audience}: ${toMessage(cause)}`, cause);
		});
	};
};
