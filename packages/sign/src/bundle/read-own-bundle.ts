import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { parseJson } from '@slipway/core';
import {
	BUNDLE_MEDIA_TYPE,
	parseStatement,
	STATEMENT_PAYLOAD_TYPE,
	type Statement,
	toPae,
} from '@slipway/core/attestation';
import * as v from 'valibot';
import { type OwnKey, toHashName } from '../key/key-signer.ts';

const Base64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/));

const BundleSchema = v.object({
	mediaType: v.literal(BUNDLE_MEDIA_TYPE),
	dsseEnvelope: v.object({
		payload: Base64,
		payloadType: v.literal(STATEMENT_PAYLOAD_TYPE),
		signatures: v.pipe(v.array(v.object({ sig: Base64 })), v.length(1)),
	}),
	verificationMaterial: v.object({
		certificate: v.optional(v.object({ rawBytes: Base64 })),
		publicKey: v.optional(v.object({ hint: v.string() })),
		tlogEntries: v.optional(v.array(v.object({ logIndex: v.union([v.string(), v.number()]) })), []),
	}),
});

/** Who signed a bundle: a certificate's subject, or the hint of a plain key. */
export type BundleSigner =
	| { readonly kind: 'certificate'; readonly identity: string }
	| { readonly kind: 'key'; readonly hint: string };

/** A bundle that lies in a Release already. */
export interface OwnBundle {
	readonly statement: Statement;
	readonly signer: BundleSigner;
	readonly logIndexes: readonly string[];
	/** Of the file, hexadecimal. */
	readonly sha256: string;
}

/** `URI:https://…` or `email:…`, as Node prints them. */
const toIdentity = ({ subjectAltName = '' }: X509Certificate): string =>
	subjectAltName.replace(/^(URI|email):/, '').replace(/^"(.*)"$/, '$1');

const toSigner = (
	material: v.InferOutput<typeof BundleSchema>['verificationMaterial'],
	key: Pick<OwnKey, 'hint' | 'publicKey'> | undefined,
): { readonly signer: BundleSigner; readonly publicKey: ReturnType<typeof createPublicKey> } | undefined => {
	if (material.certificate) {
		const certificate = new X509Certificate(Buffer.from(material.certificate.rawBytes, 'base64'));
		const signer = { kind: 'certificate', identity: toIdentity(certificate) } as const;
		return { signer, publicKey: certificate.publicKey };
	}
	const hint = material.publicKey?.hint;
	if (!key || hint !== key.hint) return undefined;
	return { signer: { kind: 'key', hint }, publicKey: createPublicKey(key.publicKey) };
};

const read = (
	bytes: Uint8Array,
	key: Pick<OwnKey, 'hint' | 'publicKey'> | undefined,
): OwnBundle | undefined => {
	const { dsseEnvelope, verificationMaterial } = v.parse(
		BundleSchema,
		parseJson(bytes, 'the bundle', { maxBytes: 64 * 1024 * 1024 }),
	);
	const payload = Buffer.from(dsseEnvelope.payload, 'base64');
	const found = toSigner(verificationMaterial, key);
	if (!found) return undefined;
	const { signer, publicKey } = found;
	const signature = Buffer.from(dsseEnvelope.signatures[0]?.sig ?? '', 'base64');
	if (!verify(toHashName(publicKey), toPae(dsseEnvelope.payloadType, payload), publicKey, signature))
		return undefined;
	return {
		statement: parseStatement(payload),
		signer,
		logIndexes: verificationMaterial.tlogEntries.map(({ logIndex }) => String(logIndex)),
		sha256: createHash('sha256').update(bytes).digest('hex'),
	};
};

/**
 * A bundle that was made here before: what it says, and whose signature on it holds. undefined where it is none, was
 * changed, or is signed with another key than `key`. It is no verification: the certificate is taken at its word.
 */
export const readOwnBundle = (
	bytes: Uint8Array,
	key?: Pick<OwnKey, 'hint' | 'publicKey'>,
): OwnBundle | undefined => {
	try {
		return read(bytes, key);
	} catch {
		return undefined;
	}
};
