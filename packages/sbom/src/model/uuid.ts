import { hash } from 'node:crypto';

/** RFC 9562, 6.6: the namespace for URLs. */
const URL_NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** A UUID of version 5 (RFC 9562, 5.5) of a name in the URL namespace: equal names give equal UUIDs. */
export const toUuid = (name: string): string => {
	const bytes = Buffer.from(
		hash('sha1', Buffer.concat([URL_NAMESPACE, Buffer.from(name)]), 'hex'),
		'hex',
	).subarray(0, 16);
	bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
	bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
	const hex = bytes.toString('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/** What the serial number and the namespace of an SBOM derive from: the digest it is bound to. */
export const toSbomUuid = (sha256: string): string => toUuid(`urn:sha256:${sha256}`);
