import { parseJson } from '@slipway/core';
import { parseStatement } from '@slipway/core/attestation';
import * as v from 'valibot';
import { isSubject } from './check-subjects.ts';
import type { FileDigest } from './evidence.ts';

const Enveloped = v.object({ dsseEnvelope: v.object({ payload: v.string() }) });
const LIMITS = { maxBytes: 64 * 1024 * 1024 };

/**
 * Whether a bundle says that it is about this file. Nothing is verified: it only sorts out bundles about other files
 * where many lie in one place.
 */
export const claimsSubject = (bundle: Uint8Array, digest: FileDigest): boolean => {
	try {
		const { dsseEnvelope } = v.parse(Enveloped, parseJson(bundle, 'the bundle', LIMITS));
		const { subject } = parseStatement(Buffer.from(dsseEnvelope.payload, 'base64'));
		return subject.some((one) => isSubject(one, digest));
	} catch {
		return false; // no attestation at all: not about this file
	}
};
