import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as v from 'valibot';
import type { Issuer } from '../issuer/issuer.ts';
import { readJsonObject, type Service, toJsonReply, toStatusReply } from '../reply.ts';
import { type CertificateAuthority, issueCertificate } from './certificate-authority.ts';
import { readSigningRequest } from './signing-request.ts';
import { findMissingClaim } from './workflow-extensions.ts';

const Body = v.object({
	/** Absent where the token is in the Authorization header, as sigstore-go and cosign send it. */
	credentials: v.optional(v.object({ oidcIdentityToken: v.string() })),
	publicKeyRequest: v.optional(
		v.object({ publicKey: v.object({ content: v.string() }), proofOfPossession: v.string() }),
	),
	certificateSigningRequest: v.optional(v.string()),
});
type Body = v.InferOutput<typeof Body>;

const INVALID_KEY = 'The public key supplied in the request could not be parsed';
const UNPROVEN = 'The signature supplied in the request could not be verified';
const BAD_TOKEN = 'There was an error processing the identity token';

const readKey = (pem: string): KeyObject | undefined => {
	try {
		return createPublicKey(pem);
	} catch {
		return undefined;
	}
};

/** The proof is a signature over the token's subject. */
const isProven = (key: KeyObject, subject: string, proof: string): boolean => {
	const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
	return verify(algorithm, Buffer.from(subject), key, Buffer.from(proof, 'base64'));
};

/** The key that the request proves to hold, or what is wrong with it. */
const readProvenKey = (body: Body, subject: string): KeyObject | string => {
	if (body.certificateSigningRequest !== undefined)
		return readSigningRequest(Buffer.from(body.certificateSigningRequest, 'base64').toString()) ?? UNPROVEN;
	const { publicKey, proofOfPossession } = body.publicKeyRequest ?? {};
	const key = publicKey && readKey(publicKey.content);
	if (!key) return INVALID_KEY;
	return isProven(key, subject, proofOfPossession ?? '') ? key : UNPROVEN;
};

/** `POST /api/v2/signingCert` of Fulcio. */
export const toSigningCertService =
	(ca: CertificateAuthority, issuer: Issuer): Service =>
	({ body: bytes, authorization, lie, now }) => {
		const parsed = v.safeParse(Body, readJsonObject(bytes));
		if (!parsed.success) return toStatusReply(400, 3, 'invalid request');
		const { credentials } = parsed.output;
		const verdict = issuer.check(credentials?.oidcIdentityToken ?? authorization.replace(/^Bearer /i, ''));
		if (!verdict.valid) return toStatusReply(401, 16, `${BAD_TOKEN}: ${verdict.reason}`);
		const missing = findMissingClaim(verdict.claims);
		if (missing)
			return toStatusReply(
				400,
				3,
				`${BAD_TOKEN}: value <no value> not in issuer metadata or claims: ${missing}`,
			);
		const key = readProvenKey(parsed.output, String(verdict.claims.sub));
		if (typeof key === 'string') return toStatusReply(400, 3, key);
		const certificates = issueCertificate(ca, { claims: verdict.claims, key, now, lie });
		return toJsonReply(200, { signedCertificateEmbeddedSct: { chain: { certificates } } });
	};
