/** The parts of a Sigstore bundle v0.3 (JSON) that are tampered with. */
export interface BundleJson {
	readonly mediaType: string;
	readonly verificationMaterial: VerificationMaterial;
	readonly dsseEnvelope: Envelope;
}

export interface Envelope {
	readonly payload: string;
	readonly payloadType: string;
	readonly signatures: readonly { readonly sig: string; readonly keyid?: string }[];
}

export interface VerificationMaterial {
	readonly certificate?: { readonly rawBytes: string };
	readonly publicKey?: { readonly hint?: string };
	readonly tlogEntries?: readonly LogEntryJson[];
	readonly timestampVerificationData?: {
		readonly rfc3161Timestamps?: readonly { readonly signedTimestamp: string }[];
	};
}

export interface LogEntryJson {
	readonly inclusionProof?: {
		readonly rootHash: string;
		readonly hashes?: readonly string[];
		readonly checkpoint: { readonly envelope: string };
	};
	readonly inclusionPromise?: { readonly signedEntryTimestamp: string };
	readonly canonicalizedBody: string;
}

export const readBundleJson = (bytes: Uint8Array): BundleJson =>
	JSON.parse(Buffer.from(bytes).toString('utf8'));

/** The same base64 text with one bit of its middle byte flipped. */
export const flipBase64 = (text: string): string => {
	const bytes = Buffer.from(text, 'base64');
	const middle = bytes.length >> 1;
	bytes[middle] = (bytes[middle] ?? 0) ^ 1;
	return bytes.toString('base64');
};

export const withMaterial = (bundle: BundleJson, change: Partial<VerificationMaterial>): BundleJson => ({
	...bundle,
	verificationMaterial: { ...bundle.verificationMaterial, ...change },
});

export const withEnvelope = (bundle: BundleJson, change: Partial<Envelope>): BundleJson => ({
	...bundle,
	dsseEnvelope: { ...bundle.dsseEnvelope, ...change },
});
