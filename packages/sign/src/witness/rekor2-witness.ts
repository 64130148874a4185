import { TransparencyLogEntry } from '@sigstore/protobuf-specs';
import type { Witness } from '@sigstore/sign';
import { parseJson, trimEndOf } from '@slipway/core';
import * as v from 'valibot';
import type { CallService, ServiceReply } from '../services/call-service.ts';
import { checkProof } from './check-proof.ts';
import { readBody, toEnvelope, toPaeDigest, toSignature } from './entry-body.ts';
import { toVerifier, type Verifier } from './rekor2-verifier.ts';
import { toRefusedEntry, toWrongEntry } from './wrong-entry.ts';

/** It answers when its next checkpoint is out, about a second later. */
const TIMEOUT_MS = 30_000;

const RawBytes = v.optional(v.object({ rawBytes: v.string() }));

const HashedRekordBody = v.object({
	apiVersion: v.literal('0.0.2'),
	kind: v.literal('hashedrekord'),
	spec: v.object({
		hashedRekordV002: v.object({
			data: v.object({ algorithm: v.literal('SHA2_256'), digest: v.string() }),
			signature: v.object({
				content: v.string(),
				verifier: v.object({ keyDetails: v.string(), x509Certificate: RawBytes, publicKey: RawBytes }),
			}),
		}),
	}),
});

interface Request {
	readonly digest: string;
	readonly signature: { readonly content: string; readonly verifier: Verifier };
}

const checkBody = (body: Uint8Array, { digest, signature }: Request, url: string): void => {
	const parsed = v.safeParse(HashedRekordBody, readBody(body));
	if (!parsed.success) throw toWrongEntry(url, 'an entry of kind hashedrekord 0.0.2', 'another one');
	const { data, signature: logged } = parsed.output.spec.hashedRekordV002;
	const { x509Certificate, publicKey } = signature.verifier;
	const isOurs =
		data.digest === digest &&
		logged.content === signature.content &&
		logged.verifier.x509Certificate?.rawBytes === x509Certificate?.rawBytes &&
		logged.verifier.publicKey?.rawBytes === publicKey?.rawBytes;
	if (!isOurs) throw toWrongEntry(url, 'an entry of our signature', 'one of another signature');
};

/** Protobuf's reader takes whatever it is given; what the bundle needs is looked at here. */
const readEntry = ({ body }: ServiceReply, url: string) => {
	let entry: TransparencyLogEntry;
	try {
		entry = TransparencyLogEntry.fromJSON(parseJson(body, 'the reply of the log', { maxDepth: 16 }));
	} catch {
		throw toWrongEntry(url, 'a log entry', 'something that is none');
	}
	const { logId, kindVersion } = entry;
	if (!logId?.keyId.length || !kindVersion)
		throw toWrongEntry(url, 'an entry that names its log and kind', 'one without');
	return { ...entry, logId, kindVersion };
};

/**
 * Logs a DSSE envelope in Rekor v2, whose servers take `hashedrekord` entries only: the hash of the envelope's
 * pre-authentication encoding, its signature, and the certificate or key that verifies it.
 */
export const createRekor2Witness = (service: string, call: CallService): Witness => {
	const url = trimEndOf(service, '/');
	return {
		testify: async (content, pem) => {
			const envelope = toEnvelope(content);
			const request: Request = {
				digest: toPaeDigest(envelope).toString('base64'),
				signature: { content: toSignature(envelope).toString('base64'), verifier: toVerifier(pem) },
			};
			const reply = await call({
				what: 'the transparency log',
				url: `${url}/api/v2/log/entries`,
				body: JSON.stringify({ hashedRekordRequestV002: request }),
				timeoutMs: TIMEOUT_MS,
			});
			if (reply.status >= 300) throw toRefusedEntry(url, reply);
			const entry = readEntry(reply, url);
			checkBody(entry.canonicalizedBody, request, url);
			checkProof(entry, url);
			return { tlogEntries: [entry] };
		},
	};
};
