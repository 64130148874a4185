import type { KeyObject } from 'node:crypto';
import { type Authority, makeAuthority, makeKeyPair, toContent } from '../asn1/authority.ts';
import {
	toCertificate,
	toExtendedKeyUsage,
	toExtension,
	toKeyUsage,
	toPem,
	toTbs,
} from '../asn1/certificate.ts';
import { toOctets, toSequence } from '../asn1/der.ts';
import type { Claims } from '../issuer/claims.ts';
import { logPrecertificate, toTimestampList } from '../log/certificate-log.ts';
import { makeLogKey, TransparencyLog, toLogId } from '../log/transparency-log.ts';
import { toAlternativeName, toIdentity, toWorkflowExtensions } from './workflow-extensions.ts';

const TEN_MINUTES = 600_000;
const DAY = 24 * 3_600_000;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const TIMESTAMP_LIST = '1.3.6.1.4.1.11129.2.4.2';

/** How a certificate can be false. */
export const CA_LIES = [
	'other-identity',
	'other-key',
	'other-authority',
	'other-log',
	'no-log',
	'expired',
] as const;

export interface CertificateAuthority {
	readonly root: Authority;
	readonly intermediate: Authority;
	readonly log: TransparencyLog;
}

export const makeCertificateAuthority = (now: number): CertificateAuthority => {
	const organization = 'slipway rehearsal';
	const root = makeAuthority({ organization, commonName: 'root of signatures' }, now);
	const intermediate = makeAuthority({ organization, commonName: 'intermediate of signatures' }, now, root);
	const key = makeLogKey();
	return { root, intermediate, log: new TransparencyLog(key, toLogId(key.publicKey)) };
};

/** What a certificate is asked for with, after all was checked. */
export interface CertificateRequest {
	readonly claims: Claims;
	readonly key: KeyObject;
	readonly now: number;
	readonly lie: string | undefined;
}

const toIssuing = (ca: CertificateAuthority, { now, lie }: CertificateRequest) => {
	const stranger = lie === 'other-authority' ? makeCertificateAuthority(now) : undefined;
	const logger = lie === 'other-log' ? makeCertificateAuthority(now) : stranger;
	return { issuer: (stranger ?? ca).intermediate, root: (stranger ?? ca).root, log: (logger ?? ca).log };
};

const toLeafContent = (issuer: Authority, { claims, key, now, lie }: CertificateRequest) => {
	const begin = lie === 'expired' ? now - DAY : now;
	const identity = lie === 'other-identity' ? `${toIdentity(claims)}-of-somebody-else` : toIdentity(claims);
	return toContent(issuer, {
		subject: toSequence(),
		key: lie === 'other-key' ? makeKeyPair().publicKey : key,
		notBefore: new Date(begin),
		notAfter: new Date(begin + TEN_MINUTES),
		extensions: [
			toKeyUsage(0x80, 7),
			toExtendedKeyUsage(CODE_SIGNING),
			toAlternativeName(identity),
			...toWorkflowExtensions(claims),
		],
	});
};

/**
 * Issues a certificate for ten minutes and logs it before: the log's timestamp lies in it.
 * @returns PEM of the certificate, the intermediate and the root
 */
export const issueCertificate = (ca: CertificateAuthority, request: CertificateRequest): string[] => {
	const { issuer, root, log } = toIssuing(ca, request);
	const content = toLeafContent(issuer, request);
	const timestamp = logPrecertificate(log, {
		tbs: toTbs(content),
		issuer: issuer.keys,
		time: content.notBefore.getTime(),
	});
	const list = toExtension(TIMESTAMP_LIST, toOctets(toTimestampList([timestamp])));
	const extensions = request.lie === 'no-log' ? content.extensions : [...content.extensions, list];
	const leaf = toCertificate(toTbs({ ...content, extensions }), issuer.keys.privateKey);
	return [leaf, issuer.certificate, root.certificate].map((der) => toPem('CERTIFICATE', der));
};
