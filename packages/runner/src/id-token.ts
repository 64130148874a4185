import { type Context, parseJson, SlipwayError } from '@slipway/core';
import { createHttpClient } from '@slipway/http';
import type { Environment } from './declaration.ts';
import type { RunnerCode } from './runner-error.ts';
import { sendAgain, toReason } from './send-again.ts';

/** Gives a short-lived OIDC token of this job for one audience; masked in the log. A new one at each call. */
export type IdTokenSource = (audience: string) => Promise<string>;

const refused = (message: string): SlipwayError<RunnerCode> =>
	new SlipwayError('RUNNER_NO_ID_TOKEN', message, {
		hint: "Add `id-token: write` to the job's permissions, and to those of the job that calls this workflow.",
	});

const readToken = (body: Uint8Array): string | undefined => {
	const { value } = parseJson(body, 'the reply of the token endpoint') as { readonly value?: unknown };
	return typeof value === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value) ? value : undefined;
};

/** The token endpoint of the job; undefined where the job was not given the right to it. */
export const toIdTokenSource = (
	environment: Environment,
	context: Context,
	maskSecret: (secret: string) => void,
): IdTokenSource | undefined => {
	const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: right } = environment;
	if (!address || !right) return undefined;
	return async (audience) => {
		const url = new URL(address);
		url.searchParams.set('audience', audience);
		const request = { method: 'GET', path: url.pathname + url.search } as const;
		const headers = { authorization: `Bearer ${right}` };
		const reply = await sendAgain(createHttpClient({ origin: url.origin, headers }), request, context);
		const token = reply.kind === 'reply' && reply.status === 200 ? readToken(reply.body) : undefined;
		if (!token) throw refused(`expected an ID token for ${audience}, got ${toReason(reply)}`);
		maskSecret(token);
		return token;
	};
};
