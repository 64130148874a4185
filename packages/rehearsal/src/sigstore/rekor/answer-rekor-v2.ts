import { toCanonicalJson } from '@slipway/core';
import * as v from 'valibot';
import { toPem } from '../asn1/certificate.ts';
import type { TransparencyLog } from '../log/transparency-log.ts';
import { readJsonObject, type Service, type ServiceReply, toJsonReply, toStatusReply } from '../reply.ts';
import { isDigestSigned, readVerifier } from './check-signature.ts';
import { makeTiledLog, toLoggedBody, toProof } from './rekor-log.ts';

const Bytes = v.object({ rawBytes: v.string() });

const Request = v.object({
	hashedRekordRequestV002: v.object({
		digest: v.string(),
		signature: v.object({
			content: v.string(),
			verifier: v.object({
				x509Certificate: v.optional(Bytes),
				publicKey: v.optional(Bytes),
				keyDetails: v.string(),
			}),
		}),
	}),
});
type HashedRekord = v.InferOutput<typeof Request>['hashedRekordRequestV002'];

const isRightlySigned = ({ digest, signature }: HashedRekord): boolean => {
	const { x509Certificate, publicKey } = signature.verifier;
	const [label, raw] = x509Certificate ? ['CERTIFICATE', x509Certificate] : ['PUBLIC KEY', publicKey];
	const key = raw && readVerifier(toPem(label, Buffer.from(raw.rawBytes, 'base64')));
	if (!key) return false;
	return isDigestSigned(Buffer.from(digest, 'base64'), Buffer.from(signature.content, 'base64'), key);
};

const toBody = ({ digest, signature }: HashedRekord): string =>
	toCanonicalJson({
		apiVersion: '0.0.2',
		kind: 'hashedrekord',
		spec: { hashedRekordV002: { data: { algorithm: 'SHA2_256', digest }, signature } },
	});

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** TransparencyLogEntry as protobuf JSON: numbers are texts, there is no promise and no time. */
const toEntry = (log: TransparencyLog, body: Uint8Array, lie: string | undefined): ServiceReply => {
	const found = log.find(log.add(body, 0).leafHash);
	const { inclusion, checkpoint } = toProof(log, found?.index ?? 0, { lie });
	const inclusionProof = {
		logIndex: String(inclusion.index),
		rootHash: toBase64(inclusion.rootHash),
		treeSize: String(inclusion.size),
		hashes: inclusion.hashes.map(toBase64),
		checkpoint: { envelope: checkpoint },
	};
	return toJsonReply(201, {
		logIndex: String(inclusion.index),
		logId: { keyId: toBase64(log.id) },
		kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
		integratedTime: '0',
		inclusionPromise: null,
		...(lie === 'no-proof' ? {} : { inclusionProof }),
		canonicalizedBody: toBase64(body),
	});
};

/** `POST /api/v2/log/entries` of Rekor v2: hashedrekord only. The same entry again is answered as the first. */
export const toRekorV2Service = (log: TransparencyLog): Service => {
	const stranger = makeTiledLog();
	return ({ method, body, lie }) => {
		if (method !== 'POST') return toStatusReply(405, 12, 'Method Not Allowed');
		const request = readJsonObject(body);
		if (!request) return toStatusReply(400, 3, 'proto: syntax error');
		const parsed = v.safeParse(Request, request);
		if (!('hashedRekordRequestV002' in request))
			return toStatusReply(400, 3, 'invalid type, must be hashedrekord');
		if (!parsed.success) return toStatusReply(400, 3, 'invalid hashedrekord request');
		const entry = parsed.output.hashedRekordRequestV002;
		if (!isRightlySigned(entry)) return toStatusReply(400, 3, 'invalid signature');
		return toEntry(lie === 'other-log' ? stranger : log, toLoggedBody(toBody(entry), lie), lie);
	};
};
