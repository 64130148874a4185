import { parseJson, parseWith, toPrintable } from '@slipway/core';
import * as v from 'valibot';
import { type SignCode, toSignError } from '../code.ts';

/** What Sigstore's certificate authorities expect as `aud`. */
export const TOKEN_AUDIENCE = 'sigstore';

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const Claim = v.optional(Text);

const ClaimsSchema = v.object({
	iss: Text,
	sub: Text,
	aud: v.union([Text, v.pipe(v.array(Text), v.maxLength(32))], 'expected a text or a list of texts'),
	/** Seconds since 1970. */
	exp: v.pipe(v.number(), v.minValue(0)),
	email: Claim,
	email_verified: v.optional(v.union([v.boolean(), v.picklist(['true', 'false'])])),
	federated_claims: v.optional(v.object({ connector_id: Claim })),
	// GitLab
	ci_config_ref_uri: Claim,
	// GitHub
	repository: Claim,
	repository_id: Claim,
	repository_owner_id: Claim,
	repository_visibility: Claim,
	ref: Claim,
	sha: Claim,
	workflow_ref: Claim,
	job_workflow_ref: Claim,
	event_name: Claim,
	run_id: Claim,
	run_attempt: Claim,
	runner_environment: Claim,
});
/** What an identity token says of its holder; no secret. */
export type Claims = v.InferOutput<typeof ClaimsSchema>;

/** An identity token (JWT) and its claims. `text` is a secret. */
export interface IdToken {
	readonly text: string;
	readonly claims: Claims;
}

const MAX_TOKEN_CHARACTERS = 64 * 1024;
const HINT =
	'Hand over an OIDC identity token: three base64url parts joined by dots, as the job or `gcloud auth print-identity-token` gives it.';

const invalid = (message: string, cause?: unknown): Error =>
	toSignError('SIGN_TOKEN_INVALID', message, { hint: HINT, cause });

/**
 * Reads the claims of an identity token (RFC 7519). Its signature is the certificate authority's to check.
 * @throws SlipwayError SIGN_TOKEN_INVALID; no message ever quotes the token
 */
export const parseIdToken = (source: string): IdToken => {
	const text = source.trim();
	const parts = text.length > MAX_TOKEN_CHARACTERS ? [] : text.split('.');
	if (parts.length !== 3 || !parts.slice(0, 2).every((part) => /^[\w-]+$/.test(part)))
		throw invalid(`expected an identity token of three parts, got ${text.length} characters of another form`);
	let json: unknown;
	try {
		json = parseJson(Buffer.from(parts[1] ?? '', 'base64url'), 'the identity token', { maxDepth: 16 });
	} catch (cause) {
		throw invalid('expected an identity token whose middle part is JSON', cause);
	}
	const claims = parseWith(ClaimsSchema, json, {
		code: 'SIGN_TOKEN_INVALID' satisfies SignCode,
		what: 'the identity token',
		hint: HINT,
	});
	return { text, claims };
};

/** A token that ends sooner than this is not worth sending. */
const MIN_LEFT_MS = 10_000;

/**
 * @param now ms since 1970
 * @throws SlipwayError SIGN_TOKEN_EXPIRED, SIGN_TOKEN_WRONG_AUDIENCE
 */
export const checkIdToken = ({ claims: { aud, exp, iss } }: IdToken, now: number): void => {
	const audiences = typeof aud === 'string' ? [aud] : aud;
	if (!audiences.includes(TOKEN_AUDIENCE))
		throw toSignError(
			'SIGN_TOKEN_WRONG_AUDIENCE',
			`expected an identity token for the audience "${TOKEN_AUDIENCE}", got one for ${toPrintable(JSON.stringify(audiences), 200)} from ${toPrintable(iss, 200)}`,
			{ hint: `Ask the issuer for a token with the audience "${TOKEN_AUDIENCE}".` },
		);
	if (exp * 1000 - now >= MIN_LEFT_MS) return;
	throw toSignError(
		'SIGN_TOKEN_EXPIRED',
		`expected an identity token that is still valid, got one that ended at ${new Date(Math.min(exp * 1000, 8.64e15)).toISOString()}`,
		{
			hint: "Get a new token just before signing, or let the job's own OIDC service give one: it gives a fresh one each time.",
		},
	);
};

/**
 * Whom a certificate for this token has to name (Fulcio, docs/oidc.md): a workflow's URL, or an e-mail address, or a
 * SPIFFE id. undefined: the issuer is none of those whose rule is known here.
 */
export const toExpectedIdentity = ({ claims }: IdToken): string | undefined => {
	const server = claims.iss.startsWith('https://') ? new URL(claims.iss).hostname : '';
	if (claims.job_workflow_ref) {
		const host = /^token\.actions\.(?!githubusercontent\.com$)(.+)$/.exec(server)?.[1] ?? 'github.com';
		return `https://${host}/${claims.job_workflow_ref}`;
	}
	if (claims.ci_config_ref_uri) return `https://${claims.ci_config_ref_uri}`;
	if (claims.email) return claims.email;
	return claims.sub.startsWith('spiffe://') ? claims.sub : undefined;
};

/** What a certificate has to name as issuer: the token's, or the one behind a federating issuer (Dex). */
export const toExpectedIssuers = ({ claims }: IdToken): readonly string[] =>
	[claims.iss, claims.federated_claims?.connector_id].filter((issuer) => issuer !== undefined);
