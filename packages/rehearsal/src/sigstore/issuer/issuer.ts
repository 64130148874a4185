import { randomUUID, sign, verify } from 'node:crypto';
import { type KeyPair, makeKeyPair } from '../asn1/authority.ts';
import { type Claims, RUN_CLAIMS } from './claims.ts';

/** Seconds for which a token is good. */
const LIFETIME = 300;

const toBase64Url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const readPart = (part: string | undefined): Record<string, unknown> | undefined => {
	try {
		const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
		return typeof value === 'object' && value !== null ? { ...value } : undefined;
	} catch {
		return undefined;
	}
};

export type TokenVerdict =
	| { readonly valid: true; readonly claims: Record<string, unknown> }
	| { readonly valid: false; readonly reason: string };

const refuse = (reason: string): TokenVerdict => ({ valid: false, reason });

export interface IssuerOptions {
	/** The `iss` claim. */
	readonly name: string;
	/** Over RUN_CLAIMS. */
	readonly claims: Claims;
	/** Milliseconds since 1970. */
	readonly now: () => number;
}

/** An OpenID Connect issuer: signs identity tokens (ES256) and says whether one is its own and good now. */
export class Issuer {
	readonly name: string;
	readonly #claims: Claims;
	readonly #now: () => number;
	readonly #keys: KeyPair = makeKeyPair();

	constructor({ name, claims, now }: IssuerOptions) {
		this.name = name;
		this.#claims = claims;
		this.#now = now;
	}

	toToken(claims: Claims = {}): string {
		const iat = Math.floor(this.#now() / 1000);
		const times = { iss: this.name, iat, nbf: iat, exp: iat + LIFETIME, jti: randomUUID() };
		const all = { ...RUN_CLAIMS, ...times, ...this.#claims, ...claims };
		const said = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
		const signed = `${toBase64Url({ alg: 'ES256', typ: 'JWT', kid: 'rehearsal' })}.${toBase64Url(said)}`;
		const key = { key: this.#keys.privateKey, dsaEncoding: 'ieee-p1363' } as const;
		return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
	}

	/** A JSON Web Key Set with the one key. */
	toKeySet(): object {
		const key = this.#keys.publicKey.export({ format: 'jwk' });
		return { keys: [{ ...key, kid: 'rehearsal', alg: 'ES256', use: 'sig' }] };
	}

	#isSigned(token: string): boolean {
		const [head, body, signature] = token.split('.');
		const key = { key: this.#keys.publicKey, dsaEncoding: 'ieee-p1363' } as const;
		const bytes = Buffer.from(signature ?? '', 'base64url');
		return verify('sha256', Buffer.from(`${head}.${body}`), key, bytes);
	}

	/** Signature, issuer, audience `sigstore` and times. */
	check(token: string): TokenVerdict {
		const claims = readPart(token.split('.')[1]);
		if (!claims || !this.#isSigned(token)) return refuse('failed to verify signature');
		if (claims.iss !== this.name) return refuse('id token issued by a different provider');
		if (![claims.aud].flat().includes('sigstore')) return refuse('expected audience "sigstore"');
		const now = this.#now() / 1000;
		if (!(Number(claims.exp) > now)) return refuse('token is expired');
		if (Number(claims.nbf) > now + 60) return refuse('token is not valid yet');
		return { valid: true, claims };
	}
}
