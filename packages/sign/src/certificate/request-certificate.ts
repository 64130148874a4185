import { parseJson, trimEndOf } from '@slipway/core';
import * as v from 'valibot';
import { toSignError } from '../code.ts';
import type { IdToken } from '../identity/id-token.ts';
import { type CallService, type ServiceReply, toRefusal } from '../services/call-service.ts';

const Chain = v.object({
	chain: v.object({
		certificates: v.pipe(v.array(v.pipe(v.string(), v.maxLength(65_536))), v.minLength(1), v.maxLength(16)),
	}),
});

const Reply = v.object({
	signedCertificateEmbeddedSct: v.optional(Chain),
	signedCertificateDetachedSct: v.optional(Chain),
});

export interface CertificateRequest {
	/** Of the certificate authority. */
	readonly url: string;
	readonly token: IdToken;
	/** PEM. */
	readonly publicKey: string;
	/** The subject of the token, signed with the key: proof that we hold it. */
	readonly proof: Buffer;
}

const toHint = (status: number): string =>
	status === 404
		? 'Correct the address of the certificate authority in the signing config: nothing answers there.'
		: "Compare the token's issuer, audience and claims with what the certificate authority accepts; no other identity is tried.";

const refused = (url: string, { claims }: IdToken, reply: ServiceReply): Error =>
	toSignError(
		'SIGN_CERTIFICATE_REFUSED',
		`the certificate authority ${url} gave no certificate for ${claims.sub} from ${claims.iss}: ${toRefusal(reply)}`,
		{ hint: toHint(reply.status) },
	);

/**
 * Exchanges an identity token for a certificate over a key (Fulcio, POST /api/v2/signingCert).
 * @returns the certificate as PEM, as the authority gave it: not checked yet
 * @throws SlipwayError SIGN_CERTIFICATE_REFUSED, SIGN_CERTIFICATE_WRONG, SIGN_SERVICE_UNREACHABLE
 */
export const requestCertificate = async (
	{ url, token, publicKey, proof }: CertificateRequest,
	call: CallService,
): Promise<string> => {
	const reply = await call({
		what: 'the certificate authority',
		url: `${trimEndOf(url, '/')}/api/v2/signingCert`,
		body: JSON.stringify({
			credentials: { oidcIdentityToken: token.text },
			publicKeyRequest: {
				publicKey: { algorithm: 'ECDSA', content: publicKey },
				proofOfPossession: proof.toString('base64'),
			},
		}),
		timeoutMs: 20_000,
	});
	if (reply.status >= 300) throw refused(url, token, reply);
	const parsed = v.safeParse(Reply, readJson(reply));
	const { signedCertificateEmbeddedSct: embedded, signedCertificateDetachedSct: detached } = parsed.success
		? parsed.output
		: {};
	const certificate = (embedded ?? detached)?.chain.certificates[0];
	if (certificate !== undefined) return certificate;
	throw toSignError('SIGN_CERTIFICATE_WRONG', `expected a certificate from ${url}, got a reply without`, {
		hint: 'Nothing was signed. Ask whoever runs the certificate authority.',
	});
};

const readJson = ({ body }: ServiceReply): unknown => {
	try {
		return parseJson(body, 'the reply of the certificate authority');
	} catch {
		return undefined;
	}
};
