import type { ASN1Obj, X509Certificate } from '@sigstore/core';
import type { CertificateClaims } from '../attestation.ts';
import { toRefusal } from '../error.ts';

// Fulcio, docs/oid-info.md: extensions 1.3.6.1.4.1.57264.1.8 and on are DER UTF8Strings; .1 is the bare text.
const FULCIO = '1.3.6.1.4.1.57264.1.';
const ISSUER_V1 = `${FULCIO}1`;
const CLAIMS: Readonly<Record<keyof CertificateClaims, number>> = {
	issuer: 8,
	workflow: 9,
	workflowDigest: 10,
	runnerEnvironment: 11,
	sourceRepository: 12,
	sourceDigest: 13,
	sourceRef: 14,
	sourceRepositoryId: 15,
	sourceOwner: 16,
	sourceOwnerId: 17,
	callingWorkflow: 18,
	callingWorkflowDigest: 19,
	event: 20,
	runUrl: 21,
	sourceVisibility: 22,
};
const UTF8_STRING = 0x0c;
const OTHER_NAME = '1.3.6.1.4.1.57264.1.7';

const toText = (bytes: Uint8Array, what: string): string => {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch (cause) {
		throw toRefusal('VERIFY_CERTIFICATE_INVALID', `${what} of the certificate is not valid UTF-8`, cause);
	}
};

/** The text in a DER UTF8String that fills the whole extension value. */
const toUtf8String = (value: Uint8Array, what: string): string => {
	const [tag = 0, first = 0] = value;
	const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
	const length = Buffer.from(value.subarray(2, 2 + lengthBytes)).reduce((sum, byte) => sum * 256 + byte, 0);
	const start = 2 + lengthBytes;
	const isWhole = value.length === start + (first < 0x80 ? first : length);
	if (tag !== UTF8_STRING || !isWhole || lengthBytes > 3)
		throw toRefusal('VERIFY_CERTIFICATE_INVALID', `${what} of the certificate is no DER UTF8String`);
	return toText(value.subarray(start), what);
};

/** Extension values by OID. An OID that stands twice is refused (RFC 5280 section 4.2). */
const toExtensions = (certificate: X509Certificate): ReadonlyMap<string, Buffer> => {
	const values = new Map<string, Buffer>();
	for (const { subs } of certificate.extensions) {
		const oid = subs[0]?.toOID() ?? '';
		const value = subs.at(-1)?.value;
		if (values.has(oid) || value === undefined)
			throw toRefusal('VERIFY_CERTIFICATE_INVALID', `extension ${oid} of the certificate stands there twice`);
		values.set(oid, value);
	}
	return values;
};

/**
 * What the certificate says about the run that asked for it.
 * @throws SlipwayError VERIFY_CERTIFICATE_INVALID
 */
export const readClaims = (certificate: X509Certificate): CertificateClaims => {
	const extensions = toExtensions(certificate);
	const claims: Record<string, string> = {};
	for (const [name, number] of Object.entries(CLAIMS)) {
		const value = extensions.get(`${FULCIO}${number}`);
		if (value !== undefined) claims[name] = toUtf8String(value, name);
	}
	const oldIssuer = extensions.get(ISSUER_V1);
	if (claims.issuer === undefined && oldIssuer !== undefined) claims.issuer = toText(oldIssuer, 'issuer');
	return claims;
};

const readName = (name: ASN1Obj): string | undefined => {
	if (name.tag.isContextSpecific(1) || name.tag.isContextSpecific(6)) return toText(name.value, 'the name');
	const [oid, value] = name.subs;
	const isOtherName = name.tag.isContextSpecific(0) && oid?.tag.isOID() && oid.toOID() === OTHER_NAME;
	return isOtherName && value?.subs[0] ? toText(value.subs[0].value, 'the name') : undefined;
};

/**
 * The one subject alternative name: URI, e-mail address, or Fulcio's own other name (user name).
 * @throws SlipwayError VERIFY_CERTIFICATE_INVALID when there is none, or more than one
 */
export const readIdentity = (certificate: X509Certificate): string => {
	const names = certificate.extSubjectAltName?.valueObj.subs[0]?.subs ?? [];
	const identity = names.length === 1 && names[0] ? readName(names[0]) : undefined;
	if (identity === undefined || identity === '')
		throw toRefusal(
			'VERIFY_CERTIFICATE_INVALID',
			`expected one subject alternative name in the certificate, got ${names.length}`,
		);
	return identity;
};
