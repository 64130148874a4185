import { envelopeToJSON, type TransparencyLogEntry } from '@sigstore/bundle';
import type { Witness } from '@sigstore/sign';
import { trimEndOf } from '@slipway/core';
import * as v from 'valibot';
import type { CallService, ServiceReply } from '../services/call-service.ts';
import { checkProof } from './check-proof.ts';
import { type Envelope, readBody, toEnvelope, toSha256, toSignature } from './entry-body.ts';
import { readRekor1Reply } from './rekor1-reply.ts';
import { toRefusedEntry, toWrongEntry } from './wrong-entry.ts';

const TIMEOUT_MS = 20_000;
const Hash = v.object({ algorithm: v.literal('sha256'), value: v.string() });

/** What a `dsse` 0.0.1 entry holds of an envelope. */
const DsseBody = v.object({
	apiVersion: v.literal('0.0.1'),
	kind: v.literal('dsse'),
	spec: v.object({
		envelopeHash: Hash,
		payloadHash: Hash,
		signatures: v.pipe(v.array(v.object({ signature: v.string(), verifier: v.string() })), v.length(1)),
	}),
});

interface Sent {
	readonly envelope: Envelope;
	/** The envelope exactly as it was sent. */
	readonly json: string;
	/** PEM of the certificate or key. */
	readonly verifier: string;
}

const checkBody = (entry: TransparencyLogEntry, { envelope, json, verifier }: Sent, url: string): void => {
	const body = v.safeParse(DsseBody, readBody(entry.canonicalizedBody));
	if (!body.success) throw toWrongEntry(url, 'an entry of kind dsse 0.0.1', 'another one');
	const { envelopeHash, payloadHash, signatures } = body.output.spec;
	const isOurs =
		envelopeHash.value === toSha256(Buffer.from(json)).toString('hex') &&
		payloadHash.value === toSha256(envelope.payload).toString('hex') &&
		signatures[0]?.signature === toSignature(envelope).toString('base64') &&
		Buffer.from(signatures[0].verifier, 'base64').toString().trim() === verifier.trim();
	if (!isOurs) throw toWrongEntry(url, 'an entry of our envelope', 'one of another envelope');
};

/** The log has this very entry already, from an attempt whose reply was lost: it says where. */
const toConflict = (reply: ServiceReply): string | undefined =>
	reply.status === 409 ? /\/([0-9a-f]{64,80})$/.exec(reply.headers.get('location') ?? '')?.[1] : undefined;

/**
 * Logs an envelope in Rekor v1 as a `dsse` entry, and checks what comes back: our hashes, our signature, our key, a
 * proof of inclusion.
 */
export const createRekor1Witness = (service: string, call: CallService): Witness => {
	const url = trimEndOf(service, '/');
	const what = 'the transparency log';
	const entries = `${url}/api/v1/log/entries`;
	const send = async (json: string, verifier: string): Promise<ServiceReply> => {
		const proposedContent = { envelope: json, verifiers: [Buffer.from(verifier).toString('base64')] };
		const body = JSON.stringify({ apiVersion: '0.0.1', kind: 'dsse', spec: { proposedContent } });
		const reply = await call({ what, url: entries, body, timeoutMs: TIMEOUT_MS });
		const uuid = toConflict(reply);
		if (uuid === undefined) return reply;
		return call({ what, url: `${entries}/${uuid}`, method: 'GET', timeoutMs: TIMEOUT_MS });
	};
	return {
		testify: async (content, verifier) => {
			const envelope = toEnvelope(content);
			const json = JSON.stringify(envelopeToJSON(envelope));
			const reply = await send(json, verifier);
			if (reply.status >= 300) throw toRefusedEntry(url, reply);
			const entry = readRekor1Reply(reply, url);
			checkBody(entry, { envelope, json, verifier }, url);
			checkProof(entry, url);
			return { tlogEntries: [entry] };
		},
	};
};
