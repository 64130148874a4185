import { createHash } from 'node:crypto';
import type { SignatureBundle } from '@sigstore/sign';
import { parseJson } from '@slipway/core';
import { toPae } from '@slipway/core/attestation';

export type Envelope = Extract<SignatureBundle, { $case: 'dsseEnvelope' }>['dsseEnvelope'];

/** @throws TypeError for anything but the DSSE envelopes that are signed here */
export const toEnvelope = (content: SignatureBundle): Envelope => {
	if (content.$case === 'dsseEnvelope') return content.dsseEnvelope;
	throw new TypeError('expected a DSSE envelope');
};

/** The one signature of an envelope. */
export const toSignature = ({ signatures }: Envelope): Buffer => signatures[0]?.sig ?? Buffer.alloc(0);

export const toSha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** What the signature of an envelope covers, hashed. */
export const toPaeDigest = ({ payloadType, payload }: Envelope): Buffer =>
	toSha256(toPae(payloadType, payload));

/** The logged entry as JSON; undefined where it is none. */
export const readBody = (body: Uint8Array): unknown => {
	try {
		return parseJson(body, 'the log entry', { maxBytes: 1024 * 1024 });
	} catch {
		return undefined;
	}
};
