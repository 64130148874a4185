import { createHash } from 'node:crypto';
import { toPae } from '@slipway/core/attestation';
import * as v from 'valibot';
import { isDigestSigned, isSigned, readVerifier } from './check-signature.ts';

const Envelope = v.object({
	payloadType: v.string(),
	payload: v.string(),
	signatures: v.pipe(v.array(v.object({ sig: v.string() })), v.minLength(1)),
});

const Dsse = v.object({
	apiVersion: v.literal('0.0.1'),
	kind: v.literal('dsse'),
	spec: v.object({
		proposedContent: v.object({
			envelope: v.string(),
			verifiers: v.pipe(v.array(v.string()), v.minLength(1)),
		}),
	}),
});

const HashedRekord = v.object({
	apiVersion: v.literal('0.0.1'),
	kind: v.literal('hashedrekord'),
	spec: v.object({
		data: v.object({ hash: v.object({ algorithm: v.literal('sha256'), value: v.string() }) }),
		signature: v.object({ content: v.string(), publicKey: v.object({ content: v.string() }) }),
	}),
});

const Hash = v.object({ algorithm: v.literal('sha256'), value: v.string() });

const Intoto = v.object({
	apiVersion: v.literal('0.0.2'),
	kind: v.literal('intoto'),
	spec: v.object({
		content: v.object({
			envelope: v.object({
				payloadType: v.string(),
				payload: v.string(),
				signatures: v.pipe(
					v.array(v.object({ sig: v.string(), publicKey: v.string(), keyid: v.optional(v.string()) })),
					v.minLength(1),
				),
			}),
			hash: Hash,
			payloadHash: Hash,
		}),
	}),
});

const ProposedEntry = v.variant('kind', [Dsse, HashedRekord, Intoto]);

/** What the log stores, or why it does not. */
export type Acceptance = { readonly entry: object } | { readonly problem: string };

const UNSIGNED = 'verifying signature: could not verify';

const readText = (base64: string): string => Buffer.from(base64, 'base64').toString();
const toHash = (bytes: string | Uint8Array) => ({
	algorithm: 'sha256',
	value: createHash('sha256').update(bytes).digest('hex'),
});

const readEnvelope = (text: string) => {
	try {
		return v.safeParse(Envelope, JSON.parse(text));
	} catch {
		return undefined;
	}
};

/** Of the envelope only hashes, signatures and who verifies them are stored; each signature needs a verifier. */
const acceptDsse = ({ spec }: v.InferOutput<typeof Dsse>): Acceptance => {
	const { envelope: text, verifiers } = spec.proposedContent;
	const envelope = readEnvelope(text);
	if (!envelope?.success) return { problem: 'invalid DSSE envelope' };
	const { payloadType, payload, signatures } = envelope.output;
	const pae = toPae(payloadType, Buffer.from(payload, 'base64'));
	const signed = signatures.map(({ sig }) => ({
		signature: sig,
		verifier: verifiers.find((verifier) => {
			const key = readVerifier(readText(verifier));
			return key && isSigned(pae, Buffer.from(sig, 'base64'), key);
		}),
	}));
	if (signed.some(({ verifier }) => !verifier)) return { problem: UNSIGNED };
	const hashes = { envelopeHash: toHash(text), payloadHash: toHash(Buffer.from(payload, 'base64')) };
	return { entry: { apiVersion: '0.0.1', kind: 'dsse', spec: { ...hashes, signatures: signed } } };
};

const acceptHashedRekord = (proposed: v.InferOutput<typeof HashedRekord>): Acceptance => {
	const { data, signature } = proposed.spec;
	const key = readVerifier(readText(signature.publicKey.content));
	const digest = Buffer.from(data.hash.value, 'hex');
	const signed = key && isDigestSigned(digest, Buffer.from(signature.content, 'base64'), key);
	return signed ? { entry: proposed } : { problem: UNSIGNED };
};

/** Payload and signature come encoded twice; the payload is left out of what is stored. */
const acceptIntoto = (proposed: v.InferOutput<typeof Intoto>): Acceptance => {
	const { content } = proposed.spec;
	const { payload, ...envelope } = content.envelope;
	const bytes = Buffer.from(readText(payload), 'base64');
	if (toHash(bytes).value !== content.payloadHash.value) return { problem: 'payload hash does not match' };
	const pae = toPae(envelope.payloadType, bytes);
	const signed = envelope.signatures.every(({ sig, publicKey }) => {
		const key = readVerifier(readText(publicKey));
		return key && isSigned(pae, Buffer.from(readText(sig), 'base64'), key);
	});
	return signed
		? { entry: { ...proposed, spec: { content: { ...content, envelope } } } }
		: { problem: UNSIGNED };
};

/** What Rekor v1 stores for a proposed entry: dsse 0.0.1, hashedrekord 0.0.1, intoto 0.0.2. */
export const acceptEntry = (proposed: unknown): Acceptance => {
	const parsed = v.safeParse(ProposedEntry, proposed);
	if (!parsed.success) return { problem: 'validation failure: unknown or invalid entry' };
	const entry = parsed.output;
	if (entry.kind === 'dsse') return acceptDsse(entry);
	return entry.kind === 'intoto' ? acceptIntoto(entry) : acceptHashedRekord(entry);
};
