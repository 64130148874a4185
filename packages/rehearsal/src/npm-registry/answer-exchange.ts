import { randomBytes } from 'node:crypto';
import type { Front } from './answer.ts';
import { type FrontReply, type FrontRequest, toBearer, toJsonReply } from './exchange.ts';
import { replyExchangeRefused } from './replies.ts';
import type { TrustedPublisher } from './state.ts';

/** Claims of a GitHub Actions ID token that the registry looks at. */
interface Claims {
	readonly aud?: string;
	/** Seconds. */
	readonly exp?: number;
	readonly repository?: string;
	/** "owner/repo/.github/workflows/FILE@REF" of the calling workflow. */
	readonly workflow_ref?: string;
	readonly environment?: string;
}

const parseClaims = (token: string): Claims | undefined => {
	try {
		return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	} catch {
		return undefined;
	}
};

const isTrusted = (claims: Claims, publisher: TrustedPublisher): boolean =>
	claims.repository === publisher.repository &&
	(claims.workflow_ref ?? '').startsWith(
		`${publisher.repository}/.github/workflows/${publisher.workflow}@`,
	) &&
	(publisher.environment === undefined || claims.environment === publisher.environment);

/** POST /-/npm/v1/oidc/token/exchange/package/NAME: an ID token for a token of one package. Signatures are not checked here. */
export const answerExchange = async (front: Front, request: FrontRequest): Promise<FrontReply> => {
	const { name } = request.route as { readonly name: string };
	const claims = parseClaims(toBearer(request) ?? '');
	const audience = `npm:${new URL(front.origin).hostname}`;
	if (!claims || claims.aud !== audience || (claims.exp ?? 0) * 1000 <= front.now())
		return replyExchangeRefused('unauthorized');
	const publisher = front.state.trusted.find((entry) => entry.name === name && isTrusted(claims, entry));
	if (!publisher) return replyExchangeRefused('package not found');
	const token = `npm_${randomBytes(18).toString('hex')}`;
	front.state.grants.set(token, {
		name,
		rights: publisher.allow,
		uses: front.state.exchangedTokenUses,
	});
	return toJsonReply(201, { token, token_type: 'oidc' });
};
