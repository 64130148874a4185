// Makes bundles against the services of a local Sigstore, step by step, so that each step can be bent.
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { BUNDLE_MEDIA_TYPE, STATEMENT_PAYLOAD_TYPE, toPae } from '@slipway/core/attestation';
import type { LocalSigstore } from '@slipway/rehearsal/sigstore';

export type WitnessName = 'rekor' | 'rekor-v2' | 'tsa';
type Lie = NonNullable<Parameters<LocalSigstore['answer']>[0]['lie']>;

export interface Making {
	/** The payload: a statement, or its text. */
	readonly payload: object | string;
	readonly payloadType?: string;
	/** Default: Rekor v1 and a timestamp. */
	readonly witnesses?: readonly WitnessName[];
	readonly claims?: Readonly<Record<string, unknown>>;
	/** Sign with a private key of one's own instead of a certificate. */
	readonly key?: KeyObject;
	/** What the bundle says of that key. Default: its digest. */
	readonly hint?: string;
	readonly lies?: Partial<Record<'ca' | WitnessName, Lie>>;
	/** Milliseconds since 1970. Default: the instance's clock. */
	readonly times?: Partial<Record<'ca' | WitnessName, number>>;
}

/** A bundle as JSON that tests can bend. */
export interface BundleDraft {
	mediaType: string;
	verificationMaterial: {
		certificate?: { rawBytes: string };
		publicKey?: { hint: string };
		tlogEntries: TlogEntryDraft[];
		timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] };
	};
	dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid?: string }[] };
}

export interface TlogEntryDraft {
	logIndex: string;
	logId: { keyId: string };
	kindVersion: { kind: string; version: string };
	integratedTime?: string;
	inclusionPromise?: { signedEntryTimestamp: string };
	inclusionProof?: { checkpoint: { envelope: string }; hashes: string[]; [key: string]: unknown };
	canonicalizedBody: string;
}

interface Signed {
	readonly sigstore: LocalSigstore;
	readonly making: Making;
	readonly envelope: BundleDraft['dsseEnvelope'];
	readonly signature: Buffer;
	/** PEM of the certificate or the public key. */
	readonly verifier: string;
}

const toBase64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');
const fromHex = (text: string): string => Buffer.from(text, 'hex').toString('base64');
const fromPem = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');
const toSpki = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });
const signBytes = (key: KeyObject, bytes: Uint8Array | string): Buffer =>
	sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from(bytes), key);

/** SHA-256 of a key's SubjectPublicKeyInfo, hexadecimal. */
export const toDigestOf = (key: KeyObject): string => createHash('sha256').update(toSpki(key)).digest('hex');

export const toPublicPem = (key: KeyObject): string =>
	createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

const ask = async (
	{ sigstore, making }: Pick<Signed, 'sigstore' | 'making'>,
	service: 'ca' | WitnessName,
	path: string,
	body: object,
): Promise<Buffer> =>
	Buffer.from(
		await sigstore.answer({ path, body, lie: making.lies?.[service], now: making.times?.[service] }),
	);

const requestCertificate = async (
	sigstore: LocalSigstore,
	making: Making,
	key: KeyObject,
): Promise<string> => {
	const token = sigstore.token(making.claims);
	const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	const reply = await ask({ sigstore, making }, 'ca', '/api/v2/signingCert', {
		credentials: { oidcIdentityToken: token },
		publicKeyRequest: {
			publicKey: { algorithm: 'ECDSA', content: toPublicPem(key) },
			proofOfPossession: toBase64(signBytes(key, sub)),
		},
	});
	return JSON.parse(reply.toString()).signedCertificateEmbeddedSct.chain.certificates[0];
};

/** An entry of Rekor v1. */
export const logInRekor = async (signed: Signed): Promise<TlogEntryDraft> => {
	const reply = await ask(signed, 'rekor', '/api/v1/log/entries', {
		apiVersion: '0.0.1',
		kind: 'dsse',
		spec: {
			proposedContent: {
				envelope: JSON.stringify(signed.envelope),
				verifiers: [toBase64(signed.verifier)],
			},
		},
	});
	const [entry] = Object.values<ReturnType<typeof JSON.parse>>(JSON.parse(reply.toString()));
	const { inclusionProof: proof, signedEntryTimestamp } = entry.verification;
	return {
		logIndex: String(entry.logIndex),
		logId: { keyId: fromHex(entry.logID) },
		kindVersion: { kind: 'dsse', version: '0.0.1' },
		integratedTime: String(entry.integratedTime),
		inclusionPromise: { signedEntryTimestamp },
		...(proof && {
			inclusionProof: {
				logIndex: String(proof.logIndex),
				rootHash: fromHex(proof.rootHash),
				treeSize: String(proof.treeSize),
				hashes: proof.hashes.map(fromHex),
				checkpoint: { envelope: proof.checkpoint },
			},
		}),
		canonicalizedBody: entry.body,
	};
};

const logInRekorV2 = async (signed: Signed): Promise<TlogEntryDraft> => {
	const { payloadType, payload } = signed.envelope;
	const rawBytes = fromPem(signed.verifier);
	const verifier = {
		...(signed.verifier.includes('CERTIFICATE')
			? { x509Certificate: { rawBytes } }
			: { publicKey: { rawBytes } }),
		keyDetails: 'PKIX_ECDSA_P256_SHA_256',
	};
	const digest = createHash('sha256')
		.update(toPae(payloadType, Buffer.from(payload, 'base64')))
		.digest('base64');
	const reply = await ask(signed, 'rekor-v2', '/api/v2/log/entries', {
		hashedRekordRequestV002: { digest, signature: { content: toBase64(signed.signature), verifier } },
	});
	return JSON.parse(reply.toString());
};

const stamp = async (signed: Signed): Promise<{ signedTimestamp: string }> => ({
	signedTimestamp: toBase64(
		await ask(signed, 'tsa', '/api/v1/timestamp', {
			artifactHash: createHash('sha256').update(signed.signature).digest('base64'),
			hashAlgorithm: 'sha256',
			certificates: true,
		}),
	),
});

const toMaterial = ({ making, verifier }: Signed): Partial<BundleDraft['verificationMaterial']> =>
	making.key
		? { publicKey: { hint: making.hint ?? toDigestOf(making.key) } }
		: { certificate: { rawBytes: fromPem(verifier) } };

const signPayload = async (sigstore: LocalSigstore, making: Making): Promise<Signed> => {
	const { payload, payloadType = STATEMENT_PAYLOAD_TYPE } = making;
	const key = making.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
	const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
	const signature = signBytes(key, toPae(payloadType, bytes));
	return {
		sigstore,
		making,
		signature,
		verifier: making.key ? toPublicPem(key) : await requestCertificate(sigstore, making, key),
		envelope: {
			payload: toBase64(bytes),
			payloadType,
			signatures: [{ sig: toBase64(signature) }],
		},
	};
};

/** Signs a statement and has it witnessed. */
export const makeBundle = async (sigstore: LocalSigstore, making: Making): Promise<BundleDraft> => {
	const signed = await signPayload(sigstore, making);
	const witnesses = making.witnesses ?? ['rekor', 'tsa'];
	const tlogEntries: TlogEntryDraft[] = [];
	if (witnesses.includes('rekor')) tlogEntries.push(await logInRekor(signed));
	if (witnesses.includes('rekor-v2')) tlogEntries.push(await logInRekorV2(signed));
	return {
		mediaType: BUNDLE_MEDIA_TYPE,
		verificationMaterial: {
			...toMaterial(signed),
			tlogEntries,
			...(witnesses.includes('tsa') && {
				timestampVerificationData: { rfc3161Timestamps: [await stamp(signed)] },
			}),
		},
		dsseEnvelope: signed.envelope,
	};
};

export const toBytes = (bundle: object): Uint8Array => new TextEncoder().encode(JSON.stringify(bundle));
