import { createPublicKey } from 'node:crypto';
import * as v from 'valibot';
import { PREDICATE_TYPES, type PredicateKind } from '../attestation/index.ts';
import { findPatternProblem } from './pattern.ts';

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
/** True for 2026-02-28, false for 2026-02-30: Date takes the latter for the first days of March. */
const isRealTime = (text: string): boolean => {
	const time = new Date(text);
	return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 10));
};

const Time = v.pipe(
	v.string(),
	v.regex(
		/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/,
		'expected a date (2026-01-31) or an RFC 3339 time in UTC',
	),
	v.check(isRealTime, 'expected a day and a time that exist'),
);

/** First millisecond of what `valid-from` names. */
export const toWindowStart = (text: string): number => new Date(text).getTime();

/** Last millisecond of what `valid-until` names: a date is meant with its whole day. */
export const toWindowEnd = (text: string): number =>
	text.length === 10 ? new Date(text).getTime() + 86_400_000 - 1 : new Date(text).getTime() + 999;

/** A regular expression that is always anchored at both ends; asked for by its own key, never guessed from a text. */
const Pattern = v.pipe(
	v.string(),
	v.minLength(1),
	v.maxLength(512),
	v.rawCheck(({ dataset, addIssue }) => {
		const problem = dataset.typed ? findPatternProblem(dataset.value) : undefined;
		if (problem !== undefined) addIssue({ message: `expected a simple regular expression: ${problem}` });
	}),
	v.description(
		'A regular expression, anchored at both ends, without look-around, back references and lazy repetition.',
	),
);

const Kind = v.picklist(Object.keys(PREDICATE_TYPES) as PredicateKind[]);

const kinds = v.optional(
	v.pipe(
		v.array(Kind),
		v.minLength(1),
		v.description('What it may sign, by predicate. Default: everything.'),
	),
);

const Witnesses = (what: string) =>
	v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8), v.description(what)));

/** What one signer needs instead of the general thresholds. */
const OwnThresholds = v.optional(
	v.pipe(
		v.strictObject({
			'transparency-logs': Witnesses('Entries in different transparency logs.'),
			timestamps: Witnesses('Signed timestamps of different authorities, beside the times of the logs.'),
			'certificate-logs': Witnesses('Signed certificate timestamps of different logs in the certificate.'),
		}),
		v.description('Witnesses that signatures of this signer need; what is left out is as in `thresholds`.'),
	),
	{},
);

const Commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Someone who signs with a short-lived certificate: who it says it is, and what the certificate has to say besides. */
export const CertificateSigner = v.pipe(
	v.strictObject({
		name: v.pipe(Text, v.description('For messages: who this is.')),
		issuer: v.pipe(Text, v.description('The OIDC issuer, exactly.')),
		identity: v.optional(
			v.pipe(
				Text,
				v.description(
					'The subject alternative name, exactly: for a workflow its URL with @ref; without @ref only beside builder-refs.',
				),
			),
		),
		'identity-pattern': v.optional(Pattern),
		'source-repository': v.optional(v.pipe(Text, v.description('URL of the repository that was built.'))),
		'source-repository-id': v.optional(Text),
		'source-owner-id': v.optional(Text),
		'source-ref': v.optional(v.pipe(Text, v.description('For example refs/tags/v1.0.0.'))),
		'source-ref-pattern': v.optional(Pattern),
		workflow: v.optional(
			v.pipe(
				Text,
				v.description(
					'URL of the workflow file that signed, with @ref (build signer URI); without @ref only beside builder-refs.',
				),
			),
		),
		'workflow-digests': v.optional(
			v.pipe(
				v.array(v.pipe(v.string(), v.regex(Commit, 'expected a full commit (40 or 64 hexadecimal digits)'))),
				v.minLength(1),
				v.description('Commits of the workflow file that signed: another way to pin it.'),
			),
		),
		'builder-refs': v.optional(
			v.pipe(
				v.array(
					v.pipe(
						Text,
						v.check(
							(ref) => ref.startsWith('refs/') || Commit.test(ref),
							'expected a full ref (refs/tags/v1) or a full commit',
						),
					),
				),
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
		thresholds: OwnThresholds,
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

/** The size and kind of a public key that is too weak or of no use here; undefined for a good one. */
const findKeyProblem = (pem: string): string | undefined => {
	try {
		const key = createPublicKey({ key: pem, format: 'pem' });
		const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
		const type = key.asymmetricKeyType;
		if (type === 'ed25519' || (type === 'ec' && namedCurve === 'prime256v1')) return undefined;
		if (type === 'rsa' && modulusLength >= 3072) return undefined;
		return `${type} ${namedCurve ?? (modulusLength || '')}`.trim();
	} catch {
		return 'something else';
	}
};

const PublicKey = v.pipe(
	v.string(),
	v.includes('BEGIN PUBLIC KEY'),
	v.maxLength(16_384),
	v.rawCheck(({ dataset, addIssue }) => {
		const problem = dataset.typed ? findKeyProblem(dataset.value) : undefined;
		if (problem === undefined) return;
		addIssue({
			message: `expected a public key as PEM: P-256, ed25519 or RSA of 3072 bits or more, got ${problem}`,
		});
	}),
	v.description('The public key as PEM: P-256, ed25519 or RSA of 3072 bits or more.'),
);

/** Someone who signs with a key of their own, trusted within a window of time. */
export const KeySigner = v.pipe(
	v.strictObject({
		name: v.pipe(Text, v.description('For messages: whose key this is.')),
		key: PublicKey,
		'valid-from': v.optional(
			v.pipe(Time, v.description('Signatures made before are refused; a date means its first second (UTC).')),
		),
		'valid-until': v.optional(
			v.pipe(Time, v.description('Signatures made after are refused; a date means its last second (UTC).')),
		),
		predicates: kinds,
		thresholds: v.optional(
			v.pipe(
				v.strictObject({
					'transparency-logs': Witnesses('Entries in different transparency logs. Default: 0.'),
					timestamps: Witnesses('Signed timestamps of different authorities. Default: 0.'),
				}),
				v.description('Witnesses that signatures of this key need. Default: none.'),
			),
			{},
		),
	}),
	v.check(
		({ 'valid-from': from, 'valid-until': until }) =>
			from === undefined || until === undefined || toWindowStart(from) < toWindowEnd(until),
		'expected valid-until after valid-from',
	),
);
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
