import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readSequence } from '../asn1/read-der.ts';

const toDer = (pem: string): Uint8Array => Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');

/**
 * The key of a PKCS #10 request that is signed with it (RFC 2986); undefined for anything else. Its subject and
 * attributes are of no interest: the token says who asks.
 */
export const readSigningRequest = (pem: string): KeyObject | undefined => {
	try {
		const [info, , signature] = readSequence(toDer(pem));
		const [, , spki] = readSequence(info?.bytes ?? new Uint8Array());
		const key = createPublicKey({ key: Buffer.from(spki?.bytes ?? []), format: 'der', type: 'spki' });
		const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
		const proven = verify(
			algorithm,
			info?.bytes ?? new Uint8Array(),
			key,
			signature?.content.subarray(1) ?? new Uint8Array(),
		);
		return proven ? key : undefined;
	} catch {
		return undefined;
	}
};
