import { createHash, sign } from 'node:crypto';
import { type Authority, makeAuthority, makeKeyPair, toContent, toLifetime } from '../asn1/authority.ts';
import {
	ECDSA_SHA256,
	toCertificate,
	toExtendedKeyUsage,
	toKeyUsage,
	toName,
	toSerial,
	toTbs,
} from '../asn1/certificate.ts';
import {
	type Der,
	toFractionalTime,
	toInteger,
	toNull,
	toOctets,
	toOid,
	toSequence,
	toSet,
	toTagged,
	toTime,
} from '../asn1/der.ts';
import type { TimestampRequest } from './timestamp-request.ts';

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const POLICY = '1.3.6.1.4.1.57264.2';
const DIGESTS = { sha256: '2.16.840.1.101.3.4.2.1', sha512: '2.16.840.1.101.3.4.2.3' } as const;
const SHA256 = toSequence(toOid(DIGESTS.sha256), toNull());

export interface TimestampAuthority {
	readonly root: Authority;
	/** The certificate that signs timestamps, its issuer and serial number as they stand in it. */
	readonly signer: Authority & { readonly serial: Der };
}

export const makeTimestampAuthority = (now: number): TimestampAuthority => {
	const organization = 'slipway rehearsal';
	const root = makeAuthority({ organization, commonName: 'root of timestamps' }, now);
	const keys = makeKeyPair();
	const name = toName({ organization, commonName: 'timestamps' });
	const content = toContent(root, {
		subject: name,
		key: keys.publicKey,
		extensions: [toKeyUsage(0x80, 7), toExtendedKeyUsage(TIME_STAMPING, true)],
		...toLifetime(now),
	});
	const certificate = toCertificate(toTbs(content), root.keys.privateKey);
	return { root, signer: { name, keys, certificate, serial: content.serial } };
};

/** TSTInfo (RFC 3161, 2.4.2). */
const toInfo = ({ algorithm, hash, nonce }: TimestampRequest, time: Date): Der =>
	toSequence(
		toInteger(1),
		toOid(POLICY),
		toSequence(toSequence(toOid(DIGESTS[algorithm]), toNull()), toOctets(hash)),
		toSerial(),
		toFractionalTime(time),
		...(nonce ? [nonce] : []),
	);

const toAttribute = (oid: string, value: Der): Der => toSequence(toOid(oid), toSet(value));

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Content type, signing time, digest of the content, and which certificate signs (RFC 5035: ESSCertIDv2). */
const toSignedAttributes = (info: Der, certificate: Der, time: Date): readonly Der[] => [
	toAttribute('1.2.840.113549.1.9.3', toOid(TST_INFO)),
	toAttribute('1.2.840.113549.1.9.5', toTime(time)),
	toAttribute('1.2.840.113549.1.9.4', toOctets(sha256(info))),
	toAttribute(
		'1.2.840.113549.1.9.16.2.47',
		toSequence(toSequence(toSequence(toOctets(sha256(certificate))))),
	),
];

const toSignerInfo = ({ root, signer }: TimestampAuthority, info: Der, time: Date): Der => {
	const attributes = toSet(...toSignedAttributes(info, signer.certificate, time));
	// They are signed as a SET and lie in the structure as [0] IMPLICIT: the same bytes under another tag.
	const implicit = Uint8Array.from(attributes);
	implicit[0] = 0xa0;
	return toSequence(
		toInteger(1),
		toSequence(root.name, signer.serial),
		SHA256,
		implicit,
		ECDSA_SHA256,
		toOctets(sign('sha256', attributes, signer.keys.privateKey)),
	);
};

/** SignedData over the info (RFC 5652, 5.1), as a ContentInfo. */
const toToken = (authority: TimestampAuthority, request: TimestampRequest, time: Date): Der => {
	const info = toInfo(request, time);
	const signed = toSequence(
		toInteger(3),
		toSet(SHA256),
		toSequence(toOid(TST_INFO), toTagged(0, toOctets(info))),
		...(request.certificates ? [toTagged(0, authority.signer.certificate)] : []),
		toSet(toSignerInfo(authority, info, time)),
	);
	return toSequence(toOid('1.2.840.113549.1.7.2'), toTagged(0, signed));
};

/** TimeStampResp that grants (RFC 3161, 2.4.2). */
export const toTimestamp = (authority: TimestampAuthority, request: TimestampRequest, time: Date): Der =>
	toSequence(toSequence(toInteger(0)), toToken(authority, request, time));

/** TimeStampResp with status rejection and no token. */
export const toRejection = (): Der => toSequence(toSequence(toInteger(2)));
