import { SlipwayError } from '@slipway/core';
import {
	findPredicateKind,
	parseStatement,
	STATEMENT_PAYLOAD_TYPE,
	type Statement,
} from '@slipway/core/attestation';
import type { Signer } from '@slipway/core/policy';
import type { BundleRequest, SubjectDigest, VerifiedAttestation, VerifiedSigner } from './attestation.ts';
import { type ParsedBundle, parseBundle } from './bundle/parse-bundle.ts';
import { toRefusal } from './error.ts';
import { checkRevocations, isSameSubject } from './revocation.ts';
import { type VerifiedSignature, verifySignature } from './signature/verify-signature.ts';
import { findCertificateSigner, findKeySigner, type Predicate } from './signer/find-signer.ts';
import { checkThresholds } from './signer/thresholds.ts';

/** The payload of a bundle's envelope, before anything is verified: for those who must choose between bundles. */
const readEnvelope = ({ bundle }: ParsedBundle): Buffer => {
	if (bundle.content.$case !== 'dsseEnvelope')
		throw toRefusal('VERIFY_STATEMENT_INVALID', 'expected a DSSE envelope, got a bare message signature');
	const { payload, payloadType } = bundle.content.dsseEnvelope;
	if (payloadType !== STATEMENT_PAYLOAD_TYPE)
		throw toRefusal(
			'VERIFY_STATEMENT_INVALID',
			`expected payload type ${STATEMENT_PAYLOAD_TYPE}, got ${JSON.stringify(payloadType)}`,
		);
	return payload;
};

const readStatement = (payload: Uint8Array): Statement => {
	try {
		return parseStatement(payload);
	} catch (thrown) {
		const message = thrown instanceof SlipwayError ? thrown.message : String(thrown);
		throw toRefusal('VERIFY_STATEMENT_INVALID', message.slice(0, 2000), thrown);
	}
};

const checkKind = (statement: Statement, kinds: BundleRequest['kinds']): void => {
	const kind = findPredicateKind(statement.predicateType);
	if (kinds && !(kind && kinds.includes(kind)))
		throw toRefusal(
			'VERIFY_PREDICATE_MISMATCH',
			`expected ${kinds.join(' or ')}, got ${JSON.stringify(statement.predicateType)}`,
		);
};

const checkSubject = ({ subject }: Statement, wanted: SubjectDigest | undefined): void => {
	if (wanted === undefined || subject.some(({ digest }) => isSameSubject(digest, { ...wanted }))) return;
	const digest = wanted.sha256 ? `sha256:${wanted.sha256}` : `sha512:${wanted.sha512 ?? ''}`;
	throw toRefusal(
		'VERIFY_SUBJECT_MISMATCH',
		`expected a statement about ${digest}, got one about ${subject.length} other files`,
	);
};

/**
 * The signer of the policy that a verified signature belongs to.
 * @throws SlipwayError VERIFY_IDENTITY_MISMATCH, VERIFY_KEY_REFUSED, VERIFY_PREDICATE_MISMATCH
 */
export const findSigner = (
	signature: VerifiedSignature,
	predicate: Predicate,
	{ policy, clock }: Pick<BundleRequest, 'policy' | 'clock'>,
): Signer => {
	if ('certificate' in signature)
		return findCertificateSigner(policy.policy, signature.certificate, predicate);
	const { times } = signature.evidence;
	return findKeySigner(signature.key.signers, times.length > 0 ? times : [new Date(clock.now())], predicate);
};

export const toVerifiedSigner = ({ name }: Signer, signature: VerifiedSignature): VerifiedSigner =>
	'certificate' in signature
		? {
				name,
				identity: signature.certificate.identity,
				issuer: signature.certificate.claims.issuer ?? null,
				key: null,
			}
		: { name, identity: null, issuer: null, key: signature.keyDigest };

const toIdentities = (signature: VerifiedSignature): string[] =>
	'certificate' in signature
		? [signature.certificate.identity, signature.certificate.claims.workflow ?? '']
		: [];

/**
 * Verifies one Sigstore bundle that holds a DSSE envelope with an in-toto Statement v1: signature, certificate or key,
 * logs, timestamps, the signer against the policy, predicate, subject and revocations. Works offline.
 * @throws SlipwayError VERIFY_*
 */
export const verifyBundle = (bytes: Uint8Array, request: BundleRequest): VerifiedAttestation => {
	const {
		trust,
		clock,
		policy: { policy },
	} = request;
	if (policy.signers.length === 0)
		throw toRefusal('VERIFY_POLICY_EMPTY', 'the policy names nobody who may sign');
	const parsed = parseBundle(bytes);
	const payload = readEnvelope(parsed);
	const signature = verifySignature(parsed, { trust, policy, clock });
	const statement = readStatement(payload);
	const { predicateType } = statement;
	const kind = findPredicateKind(predicateType);
	const signer = findSigner(signature, { kind, predicateType }, request);
	const { evidence, keyDigest } = signature;
	checkThresholds(signer, policy, evidence);
	checkKind(statement, request.kinds);
	checkSubject(statement, request.subject);
	checkRevocations(request.revocations ?? [], {
		keyDigest,
		identities: toIdentities(signature),
		subjects: [...statement.subject, ...(request.subject ? [{ digest: { ...request.subject } }] : [])],
		times: evidence.times,
		now: clock.now(),
	});
	return {
		kind,
		statement,
		signer: toVerifiedSigner(signer, signature),
		signedAt: evidence.times[0] ?? null,
		logs: evidence.logs,
		timestamps: evidence.timestamps,
		certificate: 'certificate' in signature ? signature.certificate.claims : null,
		bundleDigest: parsed.digest,
	};
};
