import type { Bundle, TransparencyLogEntry } from '@sigstore/bundle';
import type { SignedEntity } from '@sigstore/verify';
import type { LogEntry } from '../attestation.ts';
import { toRefusal } from '../error.ts';
import type { Authorities, LogAuthority } from '../trust/authorities.ts';

/** What witnesses have shown, after all of it was verified; each log and authority is counted once. */
export interface Evidence {
	readonly logs: readonly LogEntry[];
	readonly timestamps: readonly Date[];
	/** Every proven time: of timestamp authorities, and of logs that promise one. */
	readonly times: readonly Date[];
	readonly counts: {
		readonly 'transparency-logs': number;
		readonly timestamps: number;
		readonly 'certificate-logs': number;
	};
}

const countDistinct = (names: readonly string[]): number => new Set(names).size;

const findLog = (logs: readonly LogAuthority[], id: Uint8Array): LogAuthority | undefined =>
	logs.find(({ logID }) => logID.equals(id));

/** The library's types intersect two arrays: of the same entries, with and without what parsing has checked. */
const toEntries = ({ verificationMaterial }: Bundle): readonly TransparencyLogEntry[] =>
	verificationMaterial.tlogEntries;

const toLogEntries = (bundle: Bundle, { tlogs }: Authorities): LogEntry[] =>
	toEntries(bundle).map(({ logId, logIndex, integratedTime, inclusionPromise }) => ({
		url: findLog(tlogs, logId.keyId)?.baseURL ?? '',
		logIndex,
		integratedAt: inclusionPromise ? new Date(Number(integratedTime) * 1000) : null,
	}));

type TsaTimestamp = Extract<
	SignedEntity['timestamps'][number],
	{ $case: 'timestamp-authority' }
>['timestamp'];

const toTimestamps = (entity: SignedEntity): TsaTimestamp[] =>
	entity.timestamps.flatMap((found) => (found.$case === 'timestamp-authority' ? [found.timestamp] : []));

/** The authority by its address; where the trusted root gives none, by its certificate. */
const toTsaName = (timestamp: TsaTimestamp, { timestampAuthorities }: Authorities): string => {
	const authority = timestampAuthorities.find(({ certChain: [leaf] }) =>
		leaf?.serialNumber.equals(timestamp.signerSerialNumber),
	);
	return authority?.uri || timestamp.signerSerialNumber.toString('hex');
};

const toCertificateLogs = (entity: SignedEntity): string[] =>
	entity.key.$case === 'certificate'
		? (entity.key.certificate.extSCT?.signedCertificateTimestamps ?? []).map(({ logID }) =>
				logID.toString('hex'),
			)
		: [];

/** The times that the bundle claims; they are proven once the library has verified the bundle. */
export const toEvidence = (bundle: Bundle, entity: SignedEntity, authorities: Authorities): Evidence => {
	const logs = toLogEntries(bundle, authorities);
	const timestamps = toTimestamps(entity);
	const signed = timestamps.map(({ signingTime }) => signingTime);
	const integrated = logs.flatMap(({ integratedAt }) => integratedAt ?? []);
	return {
		logs,
		timestamps: signed,
		times: [...signed, ...integrated].sort((a, b) => a.getTime() - b.getTime()),
		counts: {
			'transparency-logs': countDistinct(toEntries(bundle).map(({ logId }) => logId.keyId.toString('hex'))),
			timestamps: countDistinct(timestamps.map((timestamp) => toTsaName(timestamp, authorities))),
			'certificate-logs': countDistinct(toCertificateLogs(entity)),
		},
	};
};

/**
 * A log that promises no time itself (Rekor v2) must be trusted at the times that others proved: the library does not
 * compare its validity with anything.
 * @throws SlipwayError VERIFY_LOG_INVALID
 */
export const checkLogValidity = (bundle: Bundle, times: readonly Date[], { tlogs }: Authorities): void => {
	for (const { logId } of bundle.verificationMaterial.tlogEntries) {
		const known = tlogs.filter(({ logID }) => logID.equals(logId.keyId));
		const outside = times.find(
			(time) => !known.some(({ validFor }) => validFor.start <= time && time <= validFor.end),
		);
		if (outside) throw toRefusal('VERIFY_LOG_INVALID', `the log was not trusted at ${outside.toISOString()}`);
	}
};
