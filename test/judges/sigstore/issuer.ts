import { randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Claims } from './claims.ts';
import type { KeyPair } from './keys.ts';

/** An OpenID Connect issuer on loopback whose tokens Fulcio takes. */
export interface Issuer {
	readonly url: string;
	toToken(claims: Claims): string;
	stop(): Promise<void>;
}

const KEY_ID = 'k1';

const toPart = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const toToken = (key: KeyPair, claims: Claims): string => {
	const body = `${toPart({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${toPart(claims)}`;
	return `${body}.${sign('sha256', Buffer.from(body), key.privateKey).toString('base64url')}`;
};

const toDiscovery = (url: string) => ({
	issuer: url,
	jwks_uri: `${url}/jwks`,
	authorization_endpoint: `${url}/authorize`,
	token_endpoint: `${url}/token`,
	response_types_supported: ['id_token'],
	subject_types_supported: ['public'],
	id_token_signing_alg_values_supported: ['RS256'],
});

const send = (response: ServerResponse, status: number, body: unknown): void => {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

export const startIssuer = async (key: KeyPair): Promise<Issuer> => {
	const jwk = { ...key.publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' };
	const answer = (request: IncomingMessage, response: ServerResponse): void => {
		const origin = `http://${request.headers.host}`;
		if (request.url === '/.well-known/openid-configuration') send(response, 200, toDiscovery(origin));
		else if (request.url === '/jwks') send(response, 200, { keys: [jwk] });
		else send(response, 404, { message: 'not here' });
	};
	const server = createServer(answer);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('expected a port to listen on');
	return {
		url: `http://127.0.0.1:${address.port}`,
		toToken: (claims) => toToken(key, { jti: randomUUID(), ...claims }),
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
