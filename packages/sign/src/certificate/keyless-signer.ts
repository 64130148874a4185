import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Signature, Signer } from '@sigstore/sign';
import type { Context } from '@slipway/core';
import { checkIdToken, parseIdToken } from '../identity/id-token.ts';
import type { IdentityToken } from '../identity/token-source.ts';
import type { CallService } from '../services/call-service.ts';
import { checkCertificate, type IssuedCertificate } from './check-certificate.ts';
import { requestCertificate } from './request-certificate.ts';

/** A key of this process and the certificate over it. */
interface Credential {
	readonly privateKey: KeyObject;
	readonly certificate: IssuedCertificate;
}

export interface KeylessOptions {
	/** Address of the certificate authority. */
	readonly authority: string;
	readonly identityToken: IdentityToken;
	readonly call: CallService;
	readonly clock: Context['clock'];
}

/** A certificate this near its end (ms), or past half of its life, is not used for another signature: logs take time. */
const MARGIN_MS = 2 * 60_000;

const isFresh = ({ certificate: { notBefore, notAfter } }: Credential, now: number): boolean =>
	now < notAfter - Math.min(MARGIN_MS, (notAfter - notBefore) / 2);

/** The subject that a proof of possession signs (Fulcio: the e-mail address where there is one). */
const toChallenge = ({ email, sub }: { readonly email?: string | undefined; readonly sub: string }): Buffer =>
	Buffer.from(email ?? sub);

const obtain = async ({ authority, identityToken, call, clock }: KeylessOptions): Promise<Credential> => {
	const token = parseIdToken(await identityToken());
	checkIdToken(token, clock.now());
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
	const proof = sign('sha256', toChallenge(token.claims), privateKey);
	const issued = await requestCertificate({ url: authority, token, publicKey: pem, proof }, call);
	return { privateKey, certificate: checkCertificate(issued, { publicKey, token, now: clock.now() }) };
};

/**
 * Signs with short-lived certificates: one key and one certificate for all signatures until it is near its end, then a
 * new token, key and certificate. Keys live in memory only.
 */
export class KeylessSigner implements Signer {
	readonly #options: KeylessOptions;
	#credential: Promise<Credential> | undefined;

	constructor(options: KeylessOptions) {
		this.#options = options;
	}

	/** Whose certificate signs now. @throws SlipwayError SIGN_TOKEN_*, SIGN_IDENTITY_MISSING, SIGN_CERTIFICATE_*, SIGN_SERVICE_UNREACHABLE */
	async certificate(): Promise<IssuedCertificate> {
		return (await this.#current()).certificate;
	}

	/** @throws as certificate */
	async sign(data: Buffer): Promise<Signature> {
		const { privateKey, certificate } = await this.#current();
		return {
			signature: sign('sha256', data, privateKey),
			key: { $case: 'x509Certificate', certificate: certificate.pem },
		};
	}

	/** All who ask at the same time wait for the same one; a failed attempt is not kept. */
	async #current(): Promise<Credential> {
		const held = this.#credential;
		if (held) {
			const credential = await held;
			if (isFresh(credential, this.#options.clock.now())) return credential;
			if (this.#credential === held) this.#credential = undefined;
			return this.#current();
		}
		const pending = obtain(this.#options);
		this.#credential = pending;
		pending.catch(() => {
			if (this.#credential === pending) this.#credential = undefined;
		});
		const credential = await pending;
		return credential;
	}
}
