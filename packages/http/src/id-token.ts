import { parseJson } from '@slipway/core';
import { createHttpClient } from './client.ts';

/** The service of a GitHub job that gives OIDC identity tokens; the job has it with `id-token: write`. */
export interface IdTokenService {
	readonly url: string;
	/** The right to ask it: a secret. */
	readonly right: string;
}

/** `refused`: the service answered, and not with a token. `lost`: no reply, or one that says to come back. */
export type IdTokenReply =
	| { readonly kind: 'token'; readonly token: string }
	| { readonly kind: 'refused'; readonly status: number; readonly reason: string }
	| { readonly kind: 'lost'; readonly reason: string };

/** undefined where this is no such job. */
export const findIdTokenService = ({
	ACTIONS_ID_TOKEN_REQUEST_URL: url,
	ACTIONS_ID_TOKEN_REQUEST_TOKEN: right,
}: Readonly<Record<string, string | undefined>>): IdTokenService | undefined =>
	url && right && URL.canParse(url) ? { url, right } : undefined;

const MAX_BYTES = 256 * 1024;

const readToken = (body: Uint8Array): string | undefined => {
	try {
		const { value } = parseJson(body, 'the reply of the token service') as { readonly value?: unknown };
		return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : undefined;
	} catch {
		return undefined;
	}
};

/**
 * Asks for a token of one audience, once (GitHub, "OpenID Connect reference"). What it gives is a secret.
 * @throws SlipwayError HTTP_ORIGIN_INVALID, HTTP_REQUEST_INVALID
 */
export const requestIdToken = async (
	{ url: address, right }: IdTokenService,
	audience: string,
	signal?: AbortSignal,
): Promise<IdTokenReply> => {
	const url = new URL(address);
	url.searchParams.set('audience', audience);
	const reply = await createHttpClient({ origin: url.origin }).send({
		method: 'GET',
		path: url.pathname + url.search,
		headers: { accept: 'application/json', authorization: `Bearer ${right}` },
		timeoutMs: 30_000,
		maxBytes: MAX_BYTES,
		...(signal && { signal }),
	});
	if (reply.kind === 'lost') return { kind: 'lost', reason: reply.reason };
	const { status } = reply;
	if (status >= 500 || status === 429) return { kind: 'lost', reason: `status ${status}` };
	const token = status < 300 ? readToken(reply.body) : undefined;
	if (token !== undefined) return { kind: 'token', token };
	return {
		kind: 'refused',
		status,
		reason: status < 300 ? 'a reply without a token' : `status ${status}`,
	};
};
