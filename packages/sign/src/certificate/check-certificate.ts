import { type KeyObject, X509Certificate } from 'node:crypto';
import { X509Certificate as ParsedCertificate } from '@sigstore/core';
import { toPrintable } from '@slipway/core';
import { toSignError } from '../code.ts';
import { type IdToken, toExpectedIdentity, toExpectedIssuers } from '../identity/id-token.ts';
import { isCertificate, toDer } from '../key/der.ts';

/** What a certificate that was just issued says. Times in ms since 1970. */
export interface IssuedCertificate {
	readonly pem: string;
	readonly identity: string;
	readonly issuer: string;
	readonly notBefore: number;
	readonly notAfter: number;
}

/** Fulcio's certificate extensions (docs/oid-info.md): the issuer as UTF8String, and its older raw form. */
const OID_ISSUER = '1.3.6.1.4.1.57264.1.8';
const OID_ISSUER_RAW = '1.3.6.1.4.1.57264.1.1';

/** This machine's clock and the authority's may differ by so much. */
const CLOCK_SKEW_MS = 60_000;

const wrong = (expected: string, got: string): Error =>
	toSignError(
		'SIGN_CERTIFICATE_WRONG',
		`the certificate authority lies: expected a certificate ${expected}, got ${toPrintable(got, 300)}`,
		{ hint: 'Nothing was signed. Ask whoever runs the certificate authority; do not trust what it issued.' },
	);

const readIssuer = (certificate: ParsedCertificate): string | undefined => {
	const text = certificate.extension(OID_ISSUER)?.valueObj.subs[0]?.value.toString('utf8');
	return text ?? certificate.extension(OID_ISSUER_RAW)?.value.toString('utf8');
};

const checkKey = (certificate: X509Certificate, publicKey: KeyObject): void => {
	if (!certificate.publicKey.equals(publicKey)) throw wrong('over our key', 'one over another key');
};

const checkTime = ({ notBefore, notAfter }: IssuedCertificate, now: number): void => {
	if (notBefore - CLOCK_SKEW_MS <= now && now < notAfter + CLOCK_SKEW_MS) return;
	const period = `${new Date(notBefore).toISOString()} to ${new Date(notAfter).toISOString()}`;
	throw toSignError(
		'SIGN_CERTIFICATE_WRONG',
		`expected a certificate that is valid now (${new Date(now).toISOString()}), got one for ${period}`,
		{ hint: "Nothing was signed. Compare this machine's clock with the authority's." },
	);
};

const checkNames = ({ identity, issuer }: IssuedCertificate, token: IdToken): void => {
	const expected = toExpectedIdentity(token);
	if (expected !== undefined && identity !== expected) throw wrong(`for ${expected}`, `one for ${identity}`);
	const issuers = toExpectedIssuers(token);
	if (!issuers.includes(issuer)) throw wrong(`that names the issuer ${issuers.join(' or ')}`, issuer);
};

const parseBoth = (pem: string): [X509Certificate, ParsedCertificate] => {
	try {
		if (!isCertificate(pem)) throw new TypeError('no PEM of a certificate');
		return [new X509Certificate(pem), ParsedCertificate.parse(toDer(pem))];
	} catch {
		throw wrong('in X.509 form', 'something else');
	}
};

/**
 * Checks a certificate right after it was issued: it holds our key, names whom the token names, and is valid now.
 * @param now ms since 1970
 * @throws SlipwayError SIGN_CERTIFICATE_WRONG
 */
export const checkCertificate = (
	pem: string,
	{ publicKey, token, now }: { readonly publicKey: KeyObject; readonly token: IdToken; readonly now: number },
): IssuedCertificate => {
	const [certificate, parsed] = parseBoth(pem);
	checkKey(certificate, publicKey);
	let issued: IssuedCertificate;
	try {
		issued = {
			pem,
			identity: parsed.subjectAltName ?? '',
			issuer: readIssuer(parsed) ?? '',
			notBefore: parsed.notBefore.getTime(),
			notAfter: parsed.notAfter.getTime(),
		};
	} catch {
		throw wrong('with a name, an issuer and a period', 'one that cannot be read');
	}
	checkTime(issued, now);
	checkNames(issued, token);
	return issued;
};
