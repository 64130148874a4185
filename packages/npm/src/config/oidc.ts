import { type Context, record, SlipwayError, toPrintable } from '@slipway/core';
import { createHttpClient, findIdTokenService, type HttpReply, requestIdToken } from '@slipway/http';
import * as v from 'valibot';
import type { NpmCode } from '../code.ts';
import { toEscapedName } from '../package-name.ts';
import { parseBody, toReplyMessage } from '../registry/reply-body.ts';
import type { Environment } from './npmrc.ts';

/** Gives an OpenID Connect ID token for an audience. */
export type IdTokenSource = (audience: string, context: Context) => Promise<string>;

const HINT_PERMISSION = "Add `id-token: write` to the job's permissions.";

const failed = (message: string, hint: string, cause?: unknown): SlipwayError =>
	new SlipwayError<NpmCode>('NPM_OIDC_FAILED', message, { hint, cause });

const lost = (what: string, reason: string): SlipwayError =>
	new SlipwayError<NpmCode>('NPM_REPLY_LOST', `${what}: no reply (${reason})`, {
		hint: 'Nothing was changed. Run the same command again.',
	});

const readToken = (reply: HttpReply & { kind: 'reply' }): string | undefined => {
	const parsed = v.safeParse(record(v.string(), v.unknown()), parseBody(reply.body));
	const found = parsed.success ? parsed.output.token : undefined;
	return typeof found === 'string' && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
};

/**
 * Where this machine gets ID tokens: NPM_ID_TOKEN, else GitHub's service for jobs with `id-token: write`, else nowhere.
 */
export const toIdTokenSource = (environment: Environment): IdTokenSource | undefined => {
	const { NPM_ID_TOKEN } = environment;
	if (NPM_ID_TOKEN) return async () => NPM_ID_TOKEN;
	const service = findIdTokenService(environment);
	if (!service) return undefined;
	return async (audience, { signal }) => {
		const reply = await requestIdToken(service, audience, signal);
		if (reply.kind === 'token') return reply.token;
		if (reply.kind === 'lost') throw lost('the ID token service', reply.reason);
		throw failed(`expected an ID token from the job's service, got ${reply.reason}`, HINT_PERMISSION);
	};
};

const Claims = v.object({
	repository: v.optional(v.string()),
	workflow_ref: v.optional(v.string()),
	environment: v.optional(v.string()),
});

/** What the registry compares, in words: the ID token's own claims (they are no secret). */
const describeClaims = (idToken: string): string => {
	const parsed = v.safeParse(Claims, parseBody(Buffer.from(idToken.split('.')[1] ?? '', 'base64url')));
	if (!parsed.success) return 'its claims cannot be read';
	const { repository, workflow_ref: workflow, environment } = parsed.output;
	const file = workflow?.replace(/@.*$/s, '').split('/').at(-1);
	const shown = (text: string | undefined) => (text === undefined ? 'none' : toPrintable(text, 200));
	return `repository ${shown(repository)}, workflow file ${shown(file)}, environment ${shown(environment)}`;
};

interface Exchange {
	readonly registry: string;
	readonly name: string;
	readonly idToken: IdTokenSource;
	readonly onSecret: (secret: string) => void;
}

/**
 * Trusted publishing: an ID token for a token of one package (npm-cli lib/utils/oidc.js). No body is sent, as npm does.
 * @throws SlipwayError NPM_OIDC_FAILED, NPM_REPLY_LOST
 */
export const exchangeIdToken = async (
	{ registry, name, idToken, onSecret }: Exchange,
	context: Context,
): Promise<string> => {
	const { origin, hostname } = new URL(registry);
	const identity = await idToken(`npm:${hostname}`, context);
	onSecret(identity);
	const reply = await createHttpClient({ origin }).send({
		method: 'POST',
		path: `/-/npm/v1/oidc/token/exchange/package/${toEscapedName(name)}`,
		headers: { accept: 'application/json', authorization: `Bearer ${identity}`, 'npm-command': 'publish' },
		timeoutMs: 30_000,
		signal: context.signal,
	});
	if (reply.kind === 'lost') throw lost(`the token exchange for ${name}`, reply.reason);
	if (reply.status >= 500 || reply.status === 429)
		throw lost(`the token exchange for ${name}`, `status ${reply.status}`);
	const token = reply.status < 300 ? readToken(reply) : undefined;
	if (token === undefined)
		throw failed(
			`${name}: the registry did not accept the ID token (${reply.status} ${toReplyMessage(reply.body)}): ${describeClaims(identity)}`,
			"Compare these three with the package's trusted publisher on the registry; the workflow is the file that was started, not a reusable one that it calls.",
		);
	onSecret(token);
	return token;
};
