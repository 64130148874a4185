import { createHash, type KeyObject } from 'node:crypto';
import { RFC3161Timestamp } from '@sigstore/core';
import { type SignedEntity, toSignedEntity, Verifier } from '@sigstore/verify';
import type { Clock } from '@slipway/core';
import type { Policy } from '@slipway/core/policy';
import type { ParsedBundle } from '../bundle/parse-bundle.ts';
import { toRefusal, withLibraryErrors } from '../error.ts';
import type { CertificateIdentity } from '../signer/certificate-signer.ts';
import { toKeySigners } from '../signer/find-signer.ts';
import { isHintOf, type PolicyKey, toPolicyKeys } from '../signer/key-signer.ts';
import { toFlat } from '../trust/flat-node.ts';
import type { Trust } from '../trust/trust.ts';
import { readClaims, readIdentity } from './claims.ts';
import { checkLogValidity, type Evidence, toEvidence } from './evidence.ts';
import { checkLeaf } from './leaf.ts';
import { checkLogBinding, checkProof } from './log-binding.ts';

export interface SignatureRequest {
	readonly trust: Trust;
	readonly policy: Policy;
	readonly clock: Pick<Clock, 'now'>;
}

type SignatureContent = SignedEntity['signature'];

/** A signature that verifies, and when; who may have made it is another question. */
export type VerifiedSignature = {
	readonly evidence: Evidence;
	/** SHA-256 of the signing key's SubjectPublicKeyInfo, hexadecimal. */
	readonly keyDigest: string;
} & ({ readonly certificate: CertificateIdentity } | { readonly key: PolicyKey });

/** The library's thresholds count one log or authority twice, and times of logs as timestamps: they are counted here. */
const NO_THRESHOLDS = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };

const verifyEntity = (entity: SignedEntity, { authorities }: Trust, key?: KeyObject): void => {
	const publicKey = () => {
		if (key) return { publicKey: key, validFor: () => true };
		throw toRefusal('VERIFY_KEY_REFUSED', 'the bundle names no certificate');
	};
	new Verifier({ ...authorities, publicKey }, NO_THRESHOLDS).verify(entity);
};

const checkWitnesses = (parsed: ParsedBundle, trust: Trust): void => {
	const { tlogEntries, timestampVerificationData } = parsed.bundle.verificationMaterial;
	const count = tlogEntries.length + (timestampVerificationData?.rfc3161Timestamps.length ?? 0);
	if (trust.source.kind === 'none' && count > 0)
		throw toRefusal(
			'VERIFY_TRUST_UNAVAILABLE',
			`expected a trusted root for ${count} log entries and timestamps, got none`,
		);
};

const checkLogs = (parsed: ParsedBundle, trust: Trust, { times }: Evidence, verifier: Uint8Array): void => {
	for (const entry of parsed.bundle.verificationMaterial.tlogEntries) {
		checkProof(entry);
		checkLogBinding(entry, verifier);
	}
	checkLogValidity(parsed.bundle, times, trust.authorities);
};

const readLeaf = ({ bundle }: ParsedBundle): Buffer | undefined => {
	const { content } = bundle.verificationMaterial;
	if (content.$case === 'certificate') return content.certificate.rawBytes;
	return content.$case === 'x509CertificateChain'
		? content.x509CertificateChain.certificates[0]?.rawBytes
		: undefined;
};

/** A key in the place of the certificate: the library would parse it once more. */
const withoutCertificate = ({ bundle }: ParsedBundle): ParsedBundle['bundle'] => ({
	...bundle,
	verificationMaterial: {
		...bundle.verificationMaterial,
		content: { $case: 'publicKey', publicKey: { hint: '' } },
	},
});

const toEntity = (parsed: ParsedBundle, trust: Trust, content?: SignatureContent): SignedEntity => {
	const entity = toSignedEntity(withoutCertificate(parsed));
	const leaf = readLeaf(parsed);
	return {
		...entity,
		timestamps: entity.timestamps.map((found) =>
			found.$case === 'timestamp-authority'
				? { ...found, timestamp: new RFC3161Timestamp(toFlat(found.timestamp.root)) }
				: found,
		),
		...(content && { signature: content }),
		...(leaf && { key: { $case: 'certificate' as const, certificate: trust.certificates.parse(leaf) } }),
	};
};

const verifyCertificate = (
	parsed: ParsedBundle,
	{ trust }: SignatureRequest,
	entity: SignedEntity,
): VerifiedSignature => {
	if (entity.key.$case !== 'certificate') throw new TypeError('expected a certificate');
	if (trust.source.kind === 'none')
		throw toRefusal('VERIFY_TRUST_UNAVAILABLE', 'expected a trusted root for the certificate, got none');
	const { certificate } = entity.key;
	const evidence = toEvidence(parsed.bundle, entity, trust.authorities);
	if (evidence.times.length === 0)
		throw toRefusal('VERIFY_TIMESTAMP_INVALID', 'nothing proves when the certificate was used');
	verifyEntity(entity, trust);
	checkLeaf(certificate);
	checkLogs(parsed, trust, evidence, readLeaf(parsed) ?? Buffer.alloc(0));
	return {
		evidence,
		keyDigest: createHash('sha256').update(certificate.publicKey).digest('hex'),
		certificate: { identity: readIdentity(certificate), claims: readClaims(certificate) },
	};
};

/** The key of the policy that verifies the signature; hints that name another key are refused. */
const findKey = (hints: readonly string[], keys: readonly PolicyKey[], entity: SignedEntity): PolicyKey => {
	const named = keys.filter((key) => hints.every((hint) => isHintOf(hint, key)));
	if (named.length === 0)
		throw toRefusal(
			'VERIFY_KEY_REFUSED',
			`expected a key of the policy (${keys.length}), got one named ${JSON.stringify(hints.find((hint) => hint !== '') ?? '')}`,
		);
	const key = named.find(({ key }) => entity.signature.verifySignature(key));
	if (key) return key;
	throw toRefusal(
		'VERIFY_SIGNATURE_INVALID',
		`none of ${named.length} keys of the policy verifies the signature`,
	);
};

const verifyKey = (
	parsed: ParsedBundle,
	{ trust, policy }: SignatureRequest,
	entity: SignedEntity,
): VerifiedSignature => {
	checkWitnesses(parsed, trust);
	const { verificationMaterial, dsseEnvelope } = parsed.json;
	const hints = [verificationMaterial.publicKey?.hint ?? '', dsseEnvelope?.signatures[0]?.keyid ?? ''];
	const key = findKey(hints, toPolicyKeys(toKeySigners(policy)), entity);
	const evidence = toEvidence(parsed.bundle, entity, trust.authorities);
	verifyEntity(entity, trust, key.key);
	checkLogs(parsed, trust, evidence, key.key.export({ type: 'spki', format: 'der' }));
	return { evidence, keyDigest: key.digest, key };
};

/**
 * Verifies the signature of a bundle, its certificate or key, every log entry and every timestamp in it. What does not
 * verify is refused also where the policy could do without it.
 * @param content the signed content, where it is not the DSSE envelope of the bundle
 * @throws SlipwayError VERIFY_*
 */
export const verifySignature = (
	parsed: ParsedBundle,
	request: SignatureRequest,
	content?: SignatureContent,
): VerifiedSignature =>
	withLibraryErrors(() => {
		const entity = toEntity(parsed, request.trust, content);
		return entity.key.$case === 'certificate'
			? verifyCertificate(parsed, request, entity)
			: verifyKey(parsed, request, entity);
	});
