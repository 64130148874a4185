/** Why a bundle, a trusted root or a key was refused. */
export type VerifyCode =
	/** The bytes are no Sigstore bundle that this reader takes (media type, limits, duplicate keys, missing parts). */
	| 'VERIFY_BUNDLE_INVALID'
	/** The trusted root cannot be read, or says less than it must. */
	| 'VERIFY_TRUST_INVALID'
	/** No trusted root is at hand, or it cannot be fetched. */
	| 'VERIFY_TRUST_UNAVAILABLE'
	/** The policy names nobody who may sign. */
	| 'VERIFY_POLICY_EMPTY'
	| 'VERIFY_SIGNATURE_INVALID'
	| 'VERIFY_CERTIFICATE_INVALID'
	| 'VERIFY_LOG_INVALID'
	| 'VERIFY_TIMESTAMP_INVALID'
	/** Fewer logs, timestamps or certificate logs than the policy demands. */
	| 'VERIFY_THRESHOLD_UNMET'
	/** An authentic signature of somebody whom the policy does not allow. */
	| 'VERIFY_IDENTITY_MISMATCH'
	/** A key that the policy does not list, that is too weak, or was used outside its window. */
	| 'VERIFY_KEY_REFUSED'
	/** The payload is no in-toto Statement v1. */
	| 'VERIFY_STATEMENT_INVALID'
	/** A predicate that was not asked for, or that this signer may not sign. */
	| 'VERIFY_PREDICATE_MISMATCH'
	/** The statement speaks of other files. */
	| 'VERIFY_SUBJECT_MISMATCH'
	/** A revocation notice names the key, the builder or the file. */
	| 'VERIFY_REVOKED';
