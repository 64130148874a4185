// A Sigstore bundle as JSON (protobuf-specs, sigstore_bundle.proto), with limits. Unknown fields are refused, as other
// verifiers do: a bundle has one meaning. In protobuf's JSON null is the same as absent.
import * as v from 'valibot';
import { Base64 } from '../base64.ts';

const KIB = 1024;
const MAX_PAYLOAD = 16 * KIB * KIB;
/** Entries and timestamps that are counted towards thresholds of at most 8. */
const MAX_WITNESSES = 16;

/** A 64-bit number that is not negative: text in protobuf's JSON, or a number. */
const Int64 = v.union(
	[v.pipe(v.string(), v.regex(/^(?:0|[1-9]\d{0,18})$/)), v.pipe(v.number(), v.safeInteger(), v.minValue(0))],
	'expected a number that is not negative',
);

const Certificate = v.strictObject({ rawBytes: Base64(64 * KIB) });

const LogEntry = v.strictObject({
	logIndex: v.nullish(Int64),
	logId: v.strictObject({ keyId: Base64(64) }),
	kindVersion: v.strictObject({
		kind: v.picklist(['dsse', 'intoto', 'hashedrekord']),
		version: v.picklist(['0.0.1', '0.0.2']),
	}),
	integratedTime: v.nullish(Int64),
	inclusionPromise: v.nullish(v.strictObject({ signedEntryTimestamp: Base64(2 * KIB) })),
	inclusionProof: v.nullish(
		v.strictObject({
			logIndex: v.nullish(Int64),
			rootHash: v.nullish(Base64(64)),
			treeSize: v.nullish(Int64),
			hashes: v.nullish(v.pipe(v.array(Base64(64)), v.maxLength(64))),
			checkpoint: v.nullish(
				v.strictObject({ envelope: v.pipe(v.string(), v.minLength(1), v.maxLength(16 * KIB)) }),
			),
		}),
	),
	canonicalizedBody: Base64(256 * KIB),
});

const VerificationMaterial = v.pipe(
	v.strictObject({
		certificate: v.nullish(Certificate),
		x509CertificateChain: v.nullish(
			v.strictObject({ certificates: v.pipe(v.array(Certificate), v.minLength(1), v.maxLength(10)) }),
		),
		publicKey: v.nullish(v.strictObject({ hint: v.nullish(v.pipe(v.string(), v.maxLength(512))) })),
		tlogEntries: v.nullish(v.pipe(v.array(LogEntry), v.maxLength(MAX_WITNESSES)), []),
		timestampVerificationData: v.nullish(
			v.strictObject({
				rfc3161Timestamps: v.nullish(
					v.pipe(v.array(v.strictObject({ signedTimestamp: Base64(64 * KIB) })), v.maxLength(MAX_WITNESSES)),
				),
			}),
		),
	}),
	v.check(
		({ certificate, x509CertificateChain, publicKey }) =>
			[certificate, x509CertificateChain, publicKey].filter((material) => Boolean(material)).length === 1,
		'expected one of certificate, x509CertificateChain and publicKey',
	),
);

const Envelope = v.strictObject({
	payload: Base64(MAX_PAYLOAD),
	payloadType: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
	signatures: v.pipe(
		v.array(
			v.strictObject({
				sig: Base64(2 * KIB),
				keyid: v.nullish(v.pipe(v.string(), v.maxLength(512))),
			}),
		),
		v.length(1, 'expected exactly one signature'),
	),
});

const MessageSignature = v.strictObject({
	messageDigest: v.strictObject({
		algorithm: v.picklist(['SHA2_256', 'SHA2_384', 'SHA2_512']),
		digest: Base64(64),
	}),
	signature: Base64(2 * KIB),
});

export const BUNDLE_MEDIA_TYPES = [
	'application/vnd.dev.sigstore.bundle+json;version=0.1',
	'application/vnd.dev.sigstore.bundle+json;version=0.2',
	'application/vnd.dev.sigstore.bundle+json;version=0.3',
	'application/vnd.dev.sigstore.bundle.v0.3+json',
] as const;

export const BundleSchema = v.pipe(
	v.strictObject({
		mediaType: v.picklist(BUNDLE_MEDIA_TYPES),
		verificationMaterial: VerificationMaterial,
		dsseEnvelope: v.nullish(Envelope),
		messageSignature: v.nullish(MessageSignature),
	}),
	v.check(
		({ dsseEnvelope, messageSignature }) => Boolean(dsseEnvelope) !== Boolean(messageSignature),
		'expected one of dsseEnvelope and messageSignature',
	),
);
export type BundleJson = v.InferOutput<typeof BundleSchema>;
