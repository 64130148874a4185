import { createPublicKey } from 'node:crypto';
import type { TransparencyLogEntry } from '@sigstore/bundle';
import { toRefusal } from '../error.ts';

// The library compares signature and digest of a log entry with the bundle, not whose key the log was shown. An entry
// that names another key or certificate would hide the signature from those who watch the log for their identity.

type Step = string | number;

const BASE64_PEM: readonly (readonly Step[])[] = [
	['spec', 'signatures', 0, 'verifier'], // dsse 0.0.1
	['spec', 'signature', 'publicKey', 'content'], // hashedrekord 0.0.1
	['spec', 'content', 'envelope', 'signatures', 0, 'publicKey'], // intoto 0.0.2
];
const VERIFIERS: readonly (readonly Step[])[] = [
	['spec', 'hashedRekordV002', 'signature', 'verifier'], // hashedrekord 0.0.2
	['spec', 'dsseV002', 'signatures', 0, 'verifier'], // dsse 0.0.2
];

const get = (value: unknown, path: readonly Step[]): unknown =>
	path.reduce<unknown>(
		(at, step) => (typeof at === 'object' && at !== null ? (at as Record<Step, unknown>)[step] : undefined),
		value,
	);

const getText = (value: unknown, path: readonly Step[]): string | undefined => {
	const found = get(value, path);
	return typeof found === 'string' ? found : undefined;
};

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/;

/** The bytes of a certificate as they are, those of a key as SubjectPublicKeyInfo. */
const fromPem = (base64: string): Buffer => {
	const pem = Buffer.from(base64, 'base64').toString('utf8');
	const certificate = CERTIFICATE.exec(pem)?.[1];
	return certificate === undefined
		? createPublicKey(pem).export({ type: 'spki', format: 'der' })
		: Buffer.from(certificate, 'base64');
};

const readVerifier = (body: unknown): Buffer | undefined => {
	const pem = BASE64_PEM.map((path) => getText(body, path)).find((text) => text !== undefined);
	if (pem !== undefined) return fromPem(pem);
	const verifier = VERIFIERS.map((path) => get(body, path)).find((found) => found !== undefined);
	const bytes =
		getText(verifier, ['x509Certificate', 'rawBytes']) ?? getText(verifier, ['publicKey', 'rawBytes']);
	return bytes === undefined ? undefined : Buffer.from(bytes, 'base64');
};

/**
 * Checks that a log entry names the certificate or key that the bundle was verified with.
 * @param verifier DER of the certificate, or SubjectPublicKeyInfo of the key
 * @throws SlipwayError VERIFY_LOG_INVALID
 */
export const checkLogBinding = (entry: TransparencyLogEntry, verifier: Uint8Array): void => {
	let found: Buffer | undefined;
	try {
		found = readVerifier(JSON.parse(entry.canonicalizedBody.toString('utf8')));
	} catch (cause) {
		throw toRefusal(
			'VERIFY_LOG_INVALID',
			'the log entry names no certificate or key that can be read',
			cause,
		);
	}
	if (!found?.equals(verifier))
		throw toRefusal('VERIFY_LOG_INVALID', 'the log entry was made for another certificate or key');
};

/**
 * Checks that the root hash and the size of the tree which stand beside a proof are those of its signed checkpoint. The
 * library takes the signed ones and leaves the others unread.
 * @throws SlipwayError VERIFY_LOG_INVALID
 */
export const checkProof = ({ inclusionProof }: TransparencyLogEntry): void => {
	if (!inclusionProof?.checkpoint) return;
	const { rootHash, treeSize, checkpoint } = inclusionProof;
	const [, size, root] = checkpoint.envelope.split('\n');
	if (size !== treeSize || root !== rootHash.toString('base64'))
		throw toRefusal('VERIFY_LOG_INVALID', 'the proof of inclusion is not for the tree of its checkpoint');
};
