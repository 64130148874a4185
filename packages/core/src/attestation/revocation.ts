import * as v from 'valibot';

const Time = v.pipe(v.string(), v.isoTimestamp());
const Reason = v.pipe(v.string(), v.minLength(1), v.maxLength(2000));

/**
 * Predicate of a revocation notice (predicate type `urn:slipway:attestation:revocation:v1`): from `date` on (RFC 3339)
 * nothing that it names is accepted. Subjects of the statement are revoked files; `keys` are SHA-256 digests of public
 * keys (DER, SubjectPublicKeyInfo); `builders` are exact signer identities. What a log or timestamp proves to be signed
 * before `date` stays accepted for keys and builders.
 */
export const Revocation = v.strictObject({
	date: Time,
	reason: Reason,
	keys: v.optional(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))), []),
	builders: v.optional(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(2048))), []),
	/** True: the subjects of the statement are revoked. Keys and builders need some subject too: their own notice text. */
	subjects: v.boolean(),
});
export type Revocation = v.InferOutput<typeof Revocation>;
