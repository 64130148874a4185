import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
	type CertificateContent,
	type Name,
	toCertificate,
	toExtension,
	toKeyIdentifiers,
	toKeyUsage,
	toName,
	toSerial,
	toTbs,
} from './certificate.ts';
import { type Der, toInteger, toSequence, toTrue } from './der.ts';

const YEAR = 365 * 24 * 3_600_000;

export interface KeyPair {
	readonly privateKey: KeyObject;
	readonly publicKey: KeyObject;
}

/** A new P-256 pair. */
export const makeKeyPair = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Something that issues certificates: its own certificate and its key. */
export interface Authority {
	readonly name: Der;
	readonly certificate: Der;
	readonly keys: KeyPair;
}

/** Key usage keyCertSign and cRLSign, and a path of at most `depth` authorities below. */
const toAuthorityExtensions = (depth: number): readonly Der[] => [
	toKeyUsage(0x06, 1),
	toExtension('2.5.29.19', toSequence(toTrue(), toInteger(depth)), true),
];

/** What an authority puts on somebody's certificate besides who and what. */
export interface Issued {
	readonly subject: Der;
	readonly key: KeyObject;
	readonly extensions: readonly Der[];
	readonly notBefore: Date;
	readonly notAfter: Date;
}

/** The content of a certificate that `issuer` is to sign. */
export const toContent = (issuer: Pick<Authority, 'name' | 'keys'>, issued: Issued): CertificateContent => ({
	...issued,
	serial: toSerial(),
	issuer: issuer.name,
	extensions: [...issued.extensions, ...toKeyIdentifiers(issued.key, issuer.keys.publicKey)],
});

/** The years around `now` in which an authority's certificate is valid. */
export const toLifetime = (now: number): Pick<Issued, 'notBefore' | 'notAfter'> => ({
	notBefore: new Date(now - YEAR),
	notAfter: new Date(now + 10 * YEAR),
});

/** A root, or an authority below `issuer`. */
export const makeAuthority = (name: Name, now: number, issuer?: Authority): Authority => {
	const self = { name: toName(name), keys: makeKeyPair() };
	const content = toContent(issuer ?? self, {
		subject: self.name,
		key: self.keys.publicKey,
		extensions: toAuthorityExtensions(issuer ? 0 : 1),
		...toLifetime(now),
	});
	return { ...self, certificate: toCertificate(toTbs(content), (issuer ?? self).keys.privateKey) };
};
