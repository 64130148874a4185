import type { S3Answer } from './classify-reply.ts';
import { type Asked, toOddReply, toS3Error } from './s3-error.ts';

const STORE = 'bucket b';
const refused = (status: number, code: string, region?: string): Exclude<S3Answer, { kind: 'done' }> => ({
	kind: 'refused',
	status,
	code,
	message: 'it said no',
	region,
	server: undefined,
});
const toError = (answer: Exclude<S3Answer, { kind: 'done' }>, verb: Asked['verb'] = 'write') =>
	toS3Error({ verb, path: 'a', store: STORE }, answer);

test.each([
	[404, 'NoSuchBucket', 'STORE_NOT_FOUND', /^Create the bucket/],
	[301, '', 'STORE_NOT_FOUND', /^Name the region/],
	[307, '', 'STORE_NOT_FOUND', /^Name the region/],
	[400, 'PermanentRedirect', 'STORE_NOT_FOUND', /^Name the region/],
	[400, 'TemporaryRedirect', 'STORE_NOT_FOUND', /^Name the region/],
	[400, 'AuthorizationHeaderMalformed', 'STORE_NOT_FOUND', /^Name the region/],
	[400, 'IllegalLocationConstraintException', 'STORE_NOT_FOUND', /^Name the region/],
	[403, 'RequestTimeTooSkewed', 'STORE_FORBIDDEN', /NTP/],
	[400, 'ExpiredToken', 'STORE_FORBIDDEN', /expired/],
	[400, 'InvalidAccessKeyId', 'STORE_FORBIDDEN', /^Correct AWS_ACCESS_KEY_ID/],
	[403, 'SignatureDoesNotMatch', 'STORE_FORBIDDEN', /^Correct AWS_ACCESS_KEY_ID/],
	[400, 'InvalidToken', 'STORE_FORBIDDEN', /^Correct AWS_ACCESS_KEY_ID/],
	[403, 'InvalidSecurity', 'STORE_FORBIDDEN', /^Correct AWS_ACCESS_KEY_ID/],
	[404, 'XAdminUserNotFound', 'STORE_FORBIDDEN', /^Correct AWS_ACCESS_KEY_ID/],
	[403, 'ObjectLocked', 'STORE_PROTECTED', /object lock/],
	[400, 'InvalidRetentionPeriod', 'STORE_PROTECTED', /object lock/],
	[403, 'AccessDenied', 'STORE_FORBIDDEN', /s3:PutObject and s3:DeleteObject/],
	[401, '', 'STORE_FORBIDDEN', /s3:PutObject and s3:DeleteObject/],
	[400, 'Odd', 'STORE_WRITE_FAILED', /^Look at what the server says/],
	[501, 'NotImplemented', 'STORE_WRITE_FAILED', /^Look at what the server says/],
])('a write that is refused with %i %s is %s', (status, code, expected, hint) => {
	const error = toError(refused(status, code));
	expect(error.code).toBe(expected);
	expect(error.hint).toMatch(hint);
	const said = code === '' ? `${status} it said no` : `${status} ${code} it said no`;
	expect(error.message).toBe(`expected to write a in bucket b, got ${said}`);
});

test.each(['read', 'list'] as const)('to %s: other rights, and unreadable where nobody knows', (verb) => {
	expect(toError(refused(403, 'AccessDenied'), verb)).toMatchObject({
		code: 'STORE_FORBIDDEN',
		hint: expect.stringContaining('s3:GetObject and s3:ListBucket'),
	});
	expect(toError(refused(400, 'Odd'), verb).code).toBe('STORE_UNREADABLE');
});

test('a bucket that is elsewhere: where it is, if it was said', () => {
	expect(toError(refused(301, 'PermanentRedirect', 'eu-central-1')).hint).toContain('`region: eu-central-1`');
});

test.each([
	['write', { kind: 'unknown', reason: 'reset' }, 'reset; whether the write arrived is unknown'],
	['write', { kind: 'later', reason: 'slow down' }, 'slow down'],
	['read', { kind: 'unknown', reason: 'reset' }, 'reset'],
	['read', { kind: 'absent' }, 'absent'],
	['write', { kind: 'unmet' }, 'unmet'],
] as const)('to %s, and the answer %j', (verb, answer, said) => {
	const given = 'reason' in answer ? { ...answer, retryAfterMs: undefined } : answer;
	const error = toS3Error({ verb, store: STORE }, given);
	expect(error).toMatchObject({ code: 'STORE_UNREACHABLE', hint: expect.stringContaining('can be reached') });
	expect(error.message).toBe(`expected to ${verb} bucket b, got ${said}`);
});

test.each([
	['read', 'STORE_UNREADABLE'],
	['list', 'STORE_UNREADABLE'],
	['write', 'STORE_WRITE_FAILED'],
] as const)('an answer to %s that S3 does not give is %s', (verb, code) => {
	expect(toOddReply({ verb, path: 'x', store: STORE }, 'a page')).toMatchObject({
		code,
		message: `expected to ${verb} x in bucket b, got a page`,
		hint: expect.stringContaining('`endpoint`'),
	});
});
