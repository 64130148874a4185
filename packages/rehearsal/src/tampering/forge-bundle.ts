import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { BUNDLE_MEDIA_TYPE, STATEMENT_PAYLOAD_TYPE, toPae } from '@slipway/core/attestation';
import type { Claims, Lie, LocalSigstore } from '../sigstore/index.ts';

/** Who signs what, and what is wrong with it. */
export interface Forgery {
	readonly payload: Uint8Array;
	/** Over the claims of the release's own identity. */
	readonly claims?: Claims | undefined;
	/** What the certificate authority does wrong. */
	readonly lie?: Lie | undefined;
	/** How long before now the certificate was issued, milliseconds. */
	readonly age?: number | undefined;
}

interface LogEntry {
	readonly body: string;
	readonly integratedTime: number;
	readonly logID: string;
	readonly logIndex: number;
	readonly verification: {
		readonly inclusionProof: {
			readonly checkpoint: string;
			readonly hashes: readonly string[];
			readonly logIndex: number;
			readonly rootHash: string;
			readonly treeSize: number;
		};
		readonly signedEntryTimestamp: string;
	};
}

const parse = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
const toBase64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

type Keys = { readonly privateKey: Parameters<typeof sign>[2]; readonly pem: string };

const makeKeys = (): Keys => {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
};

/** The certificate as PEM. */
const certify = async (
	sigstore: LocalSigstore,
	keys: Keys,
	{ claims, lie, age = 0 }: Forgery,
): Promise<string> => {
	const now = Date.now();
	const token = sigstore.token(claims);
	const { sub }: { sub: string } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	const proof = sign('sha256', Buffer.from(sub), keys.privateKey).toString('base64');
	const body = {
		credentials: { oidcIdentityToken: token },
		publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content: keys.pem }, proofOfPossession: proof },
	};
	const reply = await sigstore.answer({ path: '/api/v2/signingCert', body, lie, now: now - age });
	const { signedCertificateEmbeddedSct } = parse(reply) as {
		readonly signedCertificateEmbeddedSct: { readonly chain: { readonly certificates: readonly string[] } };
	};
	return signedCertificateEmbeddedSct.chain.certificates[0] ?? '';
};

const toTlogEntry = ({ body, integratedTime, logID, logIndex, verification }: LogEntry): object => {
	const { inclusionProof: proof, signedEntryTimestamp } = verification;
	return {
		logIndex: String(logIndex),
		logId: { keyId: toBase64(logID) },
		kindVersion: { kind: 'dsse', version: '0.0.1' },
		integratedTime: String(integratedTime),
		inclusionPromise: { signedEntryTimestamp },
		inclusionProof: {
			logIndex: String(proof.logIndex),
			rootHash: toBase64(proof.rootHash),
			treeSize: String(proof.treeSize),
			hashes: proof.hashes.map(toBase64),
			checkpoint: { envelope: proof.checkpoint },
		},
		canonicalizedBody: body,
	};
};

const log = async (sigstore: LocalSigstore, envelope: object, certificate: string): Promise<object> => {
	const verifiers = [Buffer.from(certificate).toString('base64')];
	const spec = { proposedContent: { envelope: JSON.stringify(envelope), verifiers } };
	const body = { apiVersion: '0.0.1', kind: 'dsse', spec };
	const reply = await sigstore.answer({ path: '/api/v1/log/entries', body });
	const [entry] = Object.values(parse(reply) as Record<string, LogEntry>);
	return entry ? toTlogEntry(entry) : {};
};

const stamp = async (sigstore: LocalSigstore, signature: Uint8Array): Promise<object> => {
	const artifactHash = createHash('sha256').update(signature).digest('base64');
	const body = { artifactHash, hashAlgorithm: 'sha256', certificates: true };
	// A full second: some readers refuse a fraction that lost its final zeros, and this is not what is tried here.
	const now = Math.floor(Date.now() / 1000) * 1000;
	const reply = await sigstore.answer({ path: '/api/v1/timestamp', body, now });
	return { signedTimestamp: Buffer.from(reply).toString('base64') };
};

/** A Sigstore bundle v0.3 with certificate, log entry and timestamp, as whoever tampers could get it. */
export const forgeBundle = async (sigstore: LocalSigstore, forgery: Forgery): Promise<string> => {
	const keys = makeKeys();
	const certificate = await certify(sigstore, keys, forgery);
	const { payload } = forgery;
	const signature = sign('sha256', toPae(STATEMENT_PAYLOAD_TYPE, payload), keys.privateKey);
	const envelope = {
		payload: Buffer.from(payload).toString('base64'),
		payloadType: STATEMENT_PAYLOAD_TYPE,
		signatures: [{ sig: signature.toString('base64'), keyid: '' }],
	};
	const rawBytes = new X509Certificate(certificate).raw.toString('base64');
	return JSON.stringify({
		mediaType: BUNDLE_MEDIA_TYPE,
		verificationMaterial: {
			certificate: { rawBytes },
			tlogEntries: [await log(sigstore, envelope, certificate)],
			timestampVerificationData: { rfc3161Timestamps: [await stamp(sigstore, signature)] },
		},
		dsseEnvelope: envelope,
	});
};
