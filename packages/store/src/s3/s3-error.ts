import { SlipwayError, toPrintable } from '@slipway/core';
import type { StoreCode } from '../store.ts';
import type { S3Answer, S3Refusal } from './classify-reply.ts';

/** What an error is about. */
export interface Asked {
	readonly verb: 'read' | 'list' | 'write';
	/** Path in the store, or nothing where the whole of it was asked for. */
	readonly path?: string | undefined;
	/** The store, for people. */
	readonly store: string;
}

const CREDENTIAL_CODES = new Set([
	'InvalidAccessKeyId',
	'SignatureDoesNotMatch',
	'InvalidToken',
	'InvalidSecurity',
	// versitygw
	'XAdminUserNotFound',
]);
const REGION_CODES = new Set([
	'PermanentRedirect',
	'TemporaryRedirect',
	'AuthorizationHeaderMalformed',
	'IllegalLocationConstraintException',
]);

const toRegionHint = (region: string | undefined): string =>
	region === undefined
		? 'Name the region of the bucket as `region` of the store in slipway.yml.'
		: `Set \`region: ${region}\` of the store in slipway.yml: that is where the bucket is.`;

/** Code and hint of what a server refuses. */
const toAdvice = ({ status, code, region }: S3Refusal, verb: Asked['verb']): [StoreCode, string] => {
	if (code === 'NoSuchBucket')
		return [
			'STORE_NOT_FOUND',
			'Create the bucket, or correct `bucket`, `endpoint` and `region` of the store.',
		];
	if (REGION_CODES.has(code) || status === 301 || status === 307)
		return ['STORE_NOT_FOUND', toRegionHint(region)];
	if (code === 'RequestTimeTooSkewed')
		return ['STORE_FORBIDDEN', 'Set the clock of this machine (NTP) and run the command again.'];
	if (code === 'ExpiredToken')
		return ['STORE_FORBIDDEN', 'The credentials have expired: get new ones and run the command again.'];
	if (CREDENTIAL_CODES.has(code))
		return [
			'STORE_FORBIDDEN',
			'Correct AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of this job, and `region` of the store.',
		];
	if (code === 'ObjectLocked' || code === 'InvalidRetentionPeriod')
		return ['STORE_PROTECTED', 'A rule of the bucket forbids this change: look at its object lock.'];
	if (status === 401 || status === 403)
		return [
			'STORE_FORBIDDEN',
			verb === 'write'
				? 'Give this job credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) that allow s3:PutObject and s3:DeleteObject in this bucket.'
				: 'Give this job credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) that allow s3:GetObject and s3:ListBucket in this bucket.',
		];
	return [
		verb === 'write' ? 'STORE_WRITE_FAILED' : 'STORE_UNREADABLE',
		'Look at what the server says, and at `bucket`, `endpoint` and `region` of the store in slipway.yml.',
	];
};

const toPlace = ({ path, store }: Asked): string =>
	path === undefined ? store : `${toPrintable(path, 200)} in ${store}`;

/** An answer that is no success as a typed error. No secret is in it: nothing that was sent is quoted. */
export const toS3Error = (
	asked: Asked,
	answer: Exclude<S3Answer, { kind: 'done' }>,
): SlipwayError<StoreCode> => {
	const expected = `expected to ${asked.verb} ${toPlace(asked)}, got`;
	if (answer.kind === 'refused') {
		const [code, hint] = toAdvice(answer, asked.verb);
		const said = [answer.status, answer.code, answer.message].filter((word) => word !== '').join(' ');
		return new SlipwayError<StoreCode>(code, `${expected} ${said}`, { hint });
	}
	const reason = 'reason' in answer ? answer.reason : answer.kind;
	const doubt =
		asked.verb === 'write' && answer.kind === 'unknown' ? '; whether the write arrived is unknown' : '';
	return new SlipwayError<StoreCode>('STORE_UNREACHABLE', `${expected} ${toPrintable(reason, 300)}${doubt}`, {
		hint: 'Look whether the server runs and can be reached from here, then run the command again.',
	});
};

/** An answer that S3 does not give. */
export const toOddReply = (asked: Asked, problem: string): SlipwayError<StoreCode> =>
	new SlipwayError<StoreCode>(
		asked.verb === 'write' ? 'STORE_WRITE_FAILED' : 'STORE_UNREADABLE',
		`expected to ${asked.verb} ${toPlace(asked)}, got ${problem}`,
		{ hint: 'Look whether `endpoint` of the store names an S3-compatible server.' },
	);
