import * as v from 'valibot';
import { PREDICATE_TYPES, type PredicateKind } from '../attestation/index.ts';

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const Time = v.pipe(
	v.string(),
	v.regex(
		/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/,
		'expected a date (2026-01-31) or an RFC 3339 time in UTC',
	),
);

/** A regular expression that is always anchored at both ends; asked for by its own key, never guessed from a text. */
const Pattern = v.pipe(
	v.string(),
	v.minLength(1),
	v.maxLength(512),
	v.description('A regular expression, anchored at both ends.'),
);

const Kind = v.picklist(Object.keys(PREDICATE_TYPES) as PredicateKind[]);

const kinds = v.optional(
	v.pipe(
		v.array(Kind),
		v.minLength(1),
		v.description('What it may sign, by predicate. Default: everything.'),
	),
);

/** Someone who signs with a short-lived certificate: who it says it is, and what the certificate has to say besides. */
export const CertificateSigner = v.pipe(
	v.strictObject({
		name: v.pipe(Text, v.description('For messages: who this is.')),
		issuer: v.pipe(Text, v.description('The OIDC issuer, exactly.')),
		identity: v.optional(
			v.pipe(Text, v.description('The subject alternative name, exactly: for a workflow its URL with @ref.')),
		),
		'identity-pattern': v.optional(Pattern),
		'source-repository': v.optional(v.pipe(Text, v.description('URL of the repository that was built.'))),
		'source-repository-id': v.optional(Text),
		'source-owner-id': v.optional(Text),
		'source-ref': v.optional(v.pipe(Text, v.description('For example refs/tags/v1.0.0.'))),
		'source-ref-pattern': v.optional(Pattern),
		workflow: v.optional(
			v.pipe(Text, v.description('URL of the workflow file that signed, with @ref (build signer URI).')),
		),
		'workflow-digests': v.optional(
			v.pipe(
				v.array(Text),
				v.minLength(1),
				v.description('Commits of the workflow file that signed: another way to pin it.'),
			),
		),
		'builder-refs': v.optional(
			v.pipe(
				v.array(Text),
				v.minLength(1),
				v.description('Tags (refs/tags/v1) or full commits of the reusable workflow that may sign.'),
			),
		),
		'runner-environment': v.optional(v.picklist(['github-hosted', 'self-hosted'])),
		events: v.optional(
			v.pipe(
				v.array(Text),
				v.minLength(1),
				v.description('What may have started the run: push, workflow_dispatch, …'),
			),
		),
		predicates: kinds,
	}),
	v.check(
		(signer) => (signer.identity === undefined) !== (signer['identity-pattern'] === undefined),
		'expected one of identity and identity-pattern',
	),
	v.check(
		(signer) => signer['source-ref'] === undefined || signer['source-ref-pattern'] === undefined,
		'expected at most one of source-ref and source-ref-pattern',
	),
);
export type CertificateSigner = v.InferOutput<typeof CertificateSigner>;

/** Someone who signs with a key of their own, trusted within a window of time. */
export const KeySigner = v.strictObject({
	name: v.pipe(Text, v.description('For messages: whose key this is.')),
	key: v.pipe(
		v.string(),
		v.includes('BEGIN PUBLIC KEY'),
		v.maxLength(16_384),
		v.description('The public key as PEM.'),
	),
	'valid-from': v.optional(v.pipe(Time, v.description('Signatures made before are refused.'))),
	'valid-until': v.optional(v.pipe(Time, v.description('Signatures made after are refused.'))),
	predicates: kinds,
});
export type KeySigner = v.InferOutput<typeof KeySigner>;

export const Signer = v.union(
	[CertificateSigner, KeySigner],
	'expected a signer with `issuer` and `identity`, or one with `key`',
);
export type Signer = v.InferOutput<typeof Signer>;

const Threshold = (what: string) =>
	v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8), v.description(what)), 1);

/** How many independent witnesses a signature with a certificate needs. A key needs none unless the policy says so. */
export const Thresholds = v.strictObject({
	'transparency-logs': Threshold('Entries in transparency logs.'),
	timestamps: Threshold('Signed timestamps of timestamp authorities, beside those of the logs.'),
	'certificate-logs': Threshold('Signed certificate timestamps in the certificate.'),
});
export type Thresholds = v.InferOutput<typeof Thresholds>;
