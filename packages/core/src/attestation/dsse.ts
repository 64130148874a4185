/** Media type of a Sigstore bundle, version 0.3: the only one written here. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** What bundle files end with. */
export const BUNDLE_SUFFIX = '.sigstore.json';

/**
 * What is signed in a DSSE envelope: the pre-authentication encoding of type and payload (DSSE protocol, "Signature
 * Definition").
 */
export const toPae = (payloadType: string, payload: Uint8Array): Uint8Array => {
	const type = new TextEncoder().encode(payloadType);
	const head = new TextEncoder().encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
	const bytes = new Uint8Array(head.length + payload.length);
	bytes.set(head);
	bytes.set(payload, head.length);
	return bytes;
};
