import { createHash } from 'node:crypto';
import type { KeyPair } from '../asn1/authority.ts';
import { toSpki } from '../asn1/certificate.ts';
import type { Der } from '../asn1/der.ts';
import type { TransparencyLog } from './transparency-log.ts';

const toUint = (value: number | bigint, bytes: number): Uint8Array => {
	const whole = Buffer.alloc(8);
	whole.writeBigUInt64BE(BigInt(value));
	return whole.subarray(8 - bytes);
};

const withLength = (bytes: Uint8Array, size: number): Uint8Array =>
	Buffer.concat([toUint(bytes.length, size), bytes]);

/** Timestamp, entry type precert_entry, the issuer's key hash and the certificate to be, no extensions. */
const toEntry = (time: number, issuer: KeyPair, tbs: Der): Uint8Array =>
	Buffer.concat([
		toUint(time, 8),
		toUint(1, 2),
		createHash('sha256').update(toSpki(issuer.publicKey)).digest(),
		withLength(tbs, 3),
		toUint(0, 2),
	]);

/**
 * Logs a certificate that is to be issued and answers with its signed certificate timestamp (RFC 6962, 3.2).
 * @param tbs the TBSCertificate without a list of timestamps @param time milliseconds since 1970
 */
export const logPrecertificate = (
	log: TransparencyLog,
	{ tbs, issuer, time }: { readonly tbs: Der; readonly issuer: KeyPair; readonly time: number },
): Uint8Array => {
	const entry = toEntry(time, issuer, tbs);
	// MerkleTreeLeaf: version v1, leaf type timestamped_entry; the signed struct begins with the same two bytes.
	const leaf = Buffer.concat([Uint8Array.of(0, 0), entry]);
	log.add(leaf, Math.floor(time / 1000));
	const signature = log.sign(leaf);
	// version, log id, time, no extensions; SHA-256 and ECDSA as TLS 1.2 numbers them (RFC 5246, 7.4.1.4.1)
	return Buffer.concat([
		Uint8Array.of(0),
		log.id,
		toUint(time, 8),
		toUint(0, 2),
		Uint8Array.of(4, 3),
		withLength(signature, 2),
	]);
};

/** SignedCertificateTimestampList: what the extension 1.3.6.1.4.1.11129.2.4.2 holds in its octet string. */
export const toTimestampList = (timestamps: readonly Uint8Array[]): Uint8Array =>
	withLength(Buffer.concat(timestamps.map((timestamp) => withLength(timestamp, 2))), 2);
