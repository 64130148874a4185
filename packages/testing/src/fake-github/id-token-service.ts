import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Handler, toJsonReply } from './exchange.ts';

const toBase64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A compact JWS (RS256). */
export const toJwt = (claims: object, key: KeyObject): string => {
	const content = `${toBase64({ alg: 'RS256', typ: 'JWT', kid: 'fake-github' })}.${toBase64(claims)}`;
	return `${content}.${sign('RSA-SHA256', Buffer.from(content), key).toString('base64url')}`;
};

export interface IdTokenService {
	readonly handler: Handler;
	readonly privateKey: KeyObject;
}

/**
 * GitHub's token endpoint with its discovery documents: gives signed ID tokens for the audience asked for to whoever
 * holds the request token.
 */
export const toIdTokenService = (
	issuer: () => string,
	requestToken: string,
	claims: Readonly<Record<string, string>>,
): IdTokenService => {
	const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const toToken = (audience: string): string => {
		const now = Math.floor(Date.now() / 1000);
		return toJwt({ iss: issuer(), aud: audience, iat: now, nbf: now, exp: now + 300, ...claims }, privateKey);
	};
	const handler: Handler = ({ path, query, headers }) => {
		if (path === '/.well-known/openid-configuration')
			return toJsonReply({ issuer: issuer(), jwks_uri: `${issuer()}/.well-known/jwks` });
		if (path === '/.well-known/jwks')
			return toJsonReply({
				keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'fake-github', alg: 'RS256', use: 'sig' }],
			});
		if (path !== '/id-token') return undefined;
		if (headers.authorization !== `Bearer ${requestToken}`)
			return toJsonReply({ message: 'Unauthorized' }, 401);
		return toJsonReply({ value: toToken(query.get('audience') ?? issuer()) });
	};
	return { handler, privateKey };
};
