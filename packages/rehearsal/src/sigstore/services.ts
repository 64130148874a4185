import { randomBytes } from 'node:crypto';
import { toSigningCertService } from './ca/answer-signing-cert.ts';
import { type CertificateAuthority, makeCertificateAuthority } from './ca/certificate-authority.ts';
import type { ServiceName } from './faults/fault.ts';
import { toIssuerService } from './issuer/answer-issuer.ts';
import type { Claims } from './issuer/claims.ts';
import { Issuer } from './issuer/issuer.ts';
import type { TransparencyLog } from './log/transparency-log.ts';
import { toRekorService } from './rekor/answer-rekor.ts';
import { toRekorV2Service } from './rekor/answer-rekor-v2.ts';
import { makeRekorLog, makeTiledLog } from './rekor/rekor-log.ts';
import { type Service, toStatusReply } from './reply.ts';
import { toTimestampService } from './tsa/answer-timestamp.ts';
import { makeTimestampAuthority, type TimestampAuthority } from './tsa/timestamp-authority.ts';

export interface ServicesOptions {
	readonly url: string;
	readonly issuer: string;
	readonly claims: Claims;
	readonly now: () => number;
	readonly timestampStatus: 200 | 201;
	readonly logBefore: number;
}

/** Keys, logs and answers of one instance. */
export interface Services {
	readonly issuer: Issuer;
	readonly ca: CertificateAuthority;
	readonly rekor: TransparencyLog;
	readonly rekorV2: TransparencyLog;
	readonly tsa: TimestampAuthority;
	readonly requestToken: string;
	readonly routes: readonly Route[];
}

interface Route {
	readonly prefix: string;
	readonly service: ServiceName;
	readonly answer: Service;
}

export const makeServices = ({
	url,
	issuer: name,
	claims,
	now,
	timestampStatus,
	logBefore,
}: ServicesOptions): Services => {
	const issuer = new Issuer({ name, claims, now });
	const ca = makeCertificateAuthority(now());
	const [rekor, rekorV2] = [makeRekorLog(logBefore), makeTiledLog()];
	const tsa = makeTimestampAuthority(now());
	const requestToken = randomBytes(18).toString('hex');
	const routes: Route[] = [
		{ prefix: '/api/v2/signingCert', service: 'ca', answer: toSigningCertService(ca, issuer) },
		{ prefix: '/api/v1/log/entries', service: 'rekor', answer: toRekorService(rekor) },
		{ prefix: '/api/v2/log/entries', service: 'rekor-v2', answer: toRekorV2Service(rekorV2) },
		{ prefix: '/api/v1/timestamp', service: 'tsa', answer: toTimestampService(tsa, timestampStatus) },
	];
	const last: Route = { prefix: '/', service: 'issuer', answer: toIssuerService(issuer, url, requestToken) };
	return { issuer, ca, rekor, rekorV2, tsa, requestToken, routes: [...routes, last] };
};

const NOTHING: Route = { prefix: '/', service: 'issuer', answer: () => toStatusReply(404, 5, 'Not Found') };

/** Who answers for a path. */
export const toRoute = ({ routes }: Services, path: string): Route =>
	routes.find(({ prefix }) => path.startsWith(prefix)) ?? NOTHING;
