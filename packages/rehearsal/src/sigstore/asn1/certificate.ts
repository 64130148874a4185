import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
	type Der,
	toBits,
	toElement,
	toInteger,
	toOctets,
	toOid,
	toSequence,
	toSet,
	toTagged,
	toTime,
	toTrue,
	toUtf8,
} from './der.ts';
import { readSequence } from './read-der.ts';

/** ecdsa-with-SHA256, the one signature algorithm here (RFC 5758, 3.2). */
export const ECDSA_SHA256 = toSequence(toOid('1.2.840.10045.4.3.2'));

export interface Name {
	readonly organization: string;
	readonly commonName: string;
}

export const toName = ({ organization, commonName }: Name): Der =>
	toSequence(
		toSet(toSequence(toOid('2.5.4.10'), toUtf8(organization))),
		toSet(toSequence(toOid('2.5.4.3'), toUtf8(commonName))),
	);

/** One X.509 extension; `value` is what lies in its octet string. */
export const toExtension = (oid: string, value: Uint8Array, critical = false): Der =>
	toSequence(toOid(oid), ...(critical ? [toTrue()] : []), toOctets(value));

export const toSpki = (key: KeyObject): Uint8Array => key.export({ type: 'spki', format: 'der' });

const toKeyId = (key: KeyObject): Uint8Array => {
	const bits = readSequence(toSpki(key))[1]?.content.subarray(1) ?? new Uint8Array();
	return createHash('sha1').update(bits).digest();
};

/** Subject key identifier and authority key identifier (RFC 5280, 4.2.1.1 and 4.2.1.2). */
export const toKeyIdentifiers = (subject: KeyObject, issuer: KeyObject): readonly Der[] => [
	toExtension('2.5.29.14', toOctets(toKeyId(subject))),
	toExtension('2.5.29.35', toSequence(toElement(0x80, toKeyId(issuer)))),
];

/** @param bits of KeyUsage's one byte, and how many at its end are unused */
export const toKeyUsage = (bits: number, unused: number): Der =>
	toExtension('2.5.29.15', toBits(Uint8Array.of(bits), unused), true);

export const toExtendedKeyUsage = (oid: string, critical = false): Der =>
	toExtension('2.5.29.37', toSequence(toOid(oid)), critical);

/** What a certificate says before it is signed. */
export interface CertificateContent {
	readonly issuer: Der;
	readonly subject: Der;
	readonly key: KeyObject;
	readonly notBefore: Date;
	readonly notAfter: Date;
	readonly extensions: readonly Der[];
	/** DER of the serial number. */
	readonly serial: Der;
}

/** 20 octets at most, positive (RFC 5280, 4.1.2.2). */
export const toSerial = (): Der => toInteger(BigInt(`0x7${randomBytes(19).toString('hex').slice(1)}`));

/** TBSCertificate of an X.509 v3 certificate (RFC 5280, 4.1). */
export const toTbs = (content: CertificateContent): Der =>
	toSequence(
		toTagged(0, toInteger(2)),
		content.serial,
		ECDSA_SHA256,
		content.issuer,
		toSequence(toTime(content.notBefore), toTime(content.notAfter)),
		content.subject,
		toSpki(content.key),
		toTagged(3, toSequence(...content.extensions)),
	);

/** Signs a TBSCertificate: DER of the certificate. */
export const toCertificate = (tbs: Der, key: KeyObject): Der =>
	toSequence(tbs, ECDSA_SHA256, toBits(sign('sha256', tbs, key)));

export const toPem = (label: string, der: Uint8Array): string => {
	const lines = Buffer.from(der)
		.toString('base64')
		.replace(/(.{64})(?=.)/g, '$1\n');
	return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
};
