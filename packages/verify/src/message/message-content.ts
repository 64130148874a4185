import { createHash } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { SignedEntity } from '@sigstore/verify';
import { toRefusal } from '../error.ts';
import { verifyMessageBytes, verifyPrehashed } from './prehashed.ts';

/** A file: its bytes, or its SHA-256 (hexadecimal) alone. */
export type SignedFile = Uint8Array | { readonly sha256: string };

export type MessageSignature = Extract<Bundle['content'], { $case: 'messageSignature' }>['messageSignature'];

const HASHES: Readonly<Record<string, string>> = {
	SHA2_256: 'sha256',
	SHA2_384: 'sha384',
	SHA2_512: 'sha512',
};

const toDigest = (file: SignedFile, hash: string): Buffer => {
	if (file instanceof Uint8Array) return createHash(hash).update(file).digest();
	if (hash === 'sha256') return Buffer.from(file.sha256, 'hex');
	throw toRefusal(
		'VERIFY_SUBJECT_MISMATCH',
		`expected a ${hash} digest or the file itself, got a sha256 digest`,
	);
};

/**
 * The signed content of a bundle without an envelope: the file, of which the bundle holds only the digest.
 * @throws SlipwayError VERIFY_SUBJECT_MISMATCH when the bundle was made for another file
 */
export const toMessageContent = (
	message: MessageSignature,
	algorithm: string,
	file: SignedFile,
): SignedEntity['signature'] => {
	const { signature } = message;
	const hash = HASHES[algorithm] ?? 'sha256';
	const digest = toDigest(file, hash);
	if (!message.messageDigest.digest.equals(digest))
		throw toRefusal(
			'VERIFY_SUBJECT_MISMATCH',
			`expected a signature of ${hash}:${digest.toString('hex')}, got one of ${message.messageDigest.digest.toString('hex')}`,
		);
	return {
		signature,
		compareSignature: (other) => other.equals(signature),
		compareDigest: (other) => other.equals(digest),
		compareSignedDigest: (other) => other.equals(digest),
		verifySignature: (key) =>
			file instanceof Uint8Array
				? verifyMessageBytes(key, file, { signature, hash })
				: verifyPrehashed(key, digest, signature),
	};
};
