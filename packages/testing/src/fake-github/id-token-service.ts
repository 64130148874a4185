import {
	generateKeyPairSync,
	type KeyObject,
	type KeyPairKeyObjectResult,
	randomUUID,
	sign,
} from 'node:crypto';
import { type Handler, toJsonReply } from './exchange.ts';

const toBase64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A compact JWS (RS256). */
export const toJwt = (claims: object, key: KeyObject): string => {
	const content = `${toBase64({ alg: 'RS256', typ: 'JWT', kid: 'fake-github' })}.${toBase64(claims)}`;
	return `${content}.${sign('RSA-SHA256', Buffer.from(content), key).toString('base64url')}`;
};

export type Claims = Readonly<Record<string, string>>;

export interface IdTokenService {
	readonly handler: Handler;
	readonly privateKey: KeyObject;
	/** Lets a job ask for tokens with these claims. @returns what the runner hands to it */
	open(claims: Claims): Readonly<Record<string, string>>;
}

const LIFETIME_S = 300;

const keyPairs: KeyPairKeyObjectResult[] = [];

/** One for all services of a process: to make one takes longer than most tests of a step. */
const takeKeyPair = (): KeyPairKeyObjectResult => {
	if (keyPairs.length === 0) keyPairs.push(generateKeyPairSync('rsa', { modulusLength: 2048 }));
	return keyPairs[0] as KeyPairKeyObjectResult;
};

/**
 * GitHub's token endpoint with its discovery documents: gives signed ID tokens for the audience asked for to whoever
 * holds the request token of a job.
 */
export const toIdTokenService = (issuer: () => string, now: () => number): IdTokenService => {
	const { privateKey, publicKey } = takeKeyPair();
	const jobs = new Map<string, Claims>();
	const toToken = (claims: Claims, asked: string | null): string => {
		const seconds = Math.floor(now() / 1000);
		const aud = asked ?? `https://github.com/${claims.repository_owner}`;
		const times = { iat: seconds, nbf: seconds, exp: seconds + LIFETIME_S };
		return toJwt({ jti: randomUUID(), iss: issuer(), aud, ...times, ...claims }, privateKey);
	};
	const handler: Handler = ({ path, query, headers }) => {
		if (path === '/.well-known/openid-configuration')
			return toJsonReply({
				issuer: issuer(),
				jwks_uri: `${issuer()}/.well-known/jwks`,
				response_types_supported: ['id_token'],
				subject_types_supported: ['public', 'pairwise'],
				id_token_signing_alg_values_supported: ['RS256'],
			});
		if (path === '/.well-known/jwks')
			return toJsonReply({
				keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'fake-github', alg: 'RS256', use: 'sig' }],
			});
		if (path !== '/id-token') return undefined;
		const claims = jobs.get(String(headers.authorization).replace(/^Bearer /i, ''));
		if (!claims) return toJsonReply({ message: 'Unauthorized' }, 401);
		return toJsonReply({ value: toToken(claims, query.get('audience')) });
	};
	const open = (claims: Claims) => {
		const token = `fake-id-token-${randomUUID()}`;
		jobs.set(token, claims);
		return {
			ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer()}/id-token?api-version=2.0`,
			ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
		};
	};
	return { handler, privateKey, open };
};
