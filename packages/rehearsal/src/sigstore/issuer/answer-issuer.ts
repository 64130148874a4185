import { type Service, toJsonReply, toStatusReply } from '../reply.ts';
import type { Issuer } from './issuer.ts';

/** Discovery, keys, and tokens for whoever holds the runner's request token, as a runner gets them. */
export const toIssuerService =
	(issuer: Issuer, url: string, requestToken: string): Service =>
	({ path, authorization, query }) => {
		if (path === '/.well-known/openid-configuration')
			return toJsonReply(200, {
				issuer: issuer.name,
				jwks_uri: `${url}/jwks`,
				id_token_signing_alg_values_supported: ['ES256'],
			});
		if (path === '/jwks') return toJsonReply(200, issuer.toKeySet());
		if (path !== '/token') return toStatusReply(404, 5, 'Not Found');
		if (authorization !== `Bearer ${requestToken}` && authorization !== `bearer ${requestToken}`)
			return toStatusReply(401, 16, 'expected the request token');
		return toJsonReply(200, { value: issuer.toToken({ aud: query.get('audience') ?? 'sigstore' }) });
	};
