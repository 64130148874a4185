import { classifyReply } from './classify-reply.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

const reply = (status: number, code = '', headers: Record<string, string> = {}) =>
	({
		kind: 'reply',
		status,
		headers: new Headers(headers),
		body: new TextEncoder().encode(
			code && `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`,
		),
	}) as const;

test.each([
	[200, '', 'done'],
	[204, '', 'done'],
	[404, 'NoSuchKey', 'absent'],
	[404, '', 'absent'],
	[404, 'NoSuchBucket', 'refused'],
	[404, 'NoSuchUpload', 'refused'],
	[412, 'PreconditionFailed', 'unmet'],
	[412, '', 'unmet'],
	[409, 'ConditionalRequestConflict', 'later'],
	[409, 'OperationAborted', 'later'],
	[409, 'BucketNotEmpty', 'refused'],
	[429, '', 'later'],
	[503, 'SlowDown', 'later'],
	[503, 'ServiceUnavailable', 'unknown'],
	[503, '', 'unknown'],
	[500, 'InternalError', 'unknown'],
	[502, '', 'unknown'],
	[504, '', 'unknown'],
	[408, '', 'unknown'],
	[400, 'RequestTimeout', 'later'],
	[400, 'ExpiredToken', 'refused'],
	[403, 'AccessDenied', 'refused'],
	[301, 'PermanentRedirect', 'refused'],
	[501, 'NotImplemented', 'refused'],
])('%i %s is %s', (status, code, kind) => {
	expect(classifyReply(reply(status, code), { now: NOW }).kind).toBe(kind);
});

test.each([
	[true, 'unknown'],
	[false, 'later'],
])('no reply to a request that was sent (%s) is %s', (sent, kind) => {
	const lost = { kind: 'lost', sent, reason: 'reset', cause: undefined } as const;
	expect(classifyReply(lost, { now: NOW })).toEqual({ kind, reason: 'reset', retryAfterMs: undefined });
});

test.each([
	['InternalError', 'unknown'],
	['PreconditionFailed', 'unmet'],
	['ConditionalRequestConflict', 'later'],
])('a success that ends with %s is %s, where that can be', (code, kind) => {
	expect(classifyReply(reply(200, code), { now: NOW, mayFailLate: true }).kind).toBe(kind);
	expect(classifyReply(reply(200, code), { now: NOW }).kind).toBe('done');
});

test('only an error that says its code is one, where it can come late', () => {
	const page = (text: string) => ({ ...reply(200), body: new TextEncoder().encode(text) });
	for (const text of ['<Result><Code>a</Code></Result>', '<Error></Error>', ''])
		expect(classifyReply(page(text), { now: NOW, mayFailLate: true }).kind).toBe('done');
});

test('a refusal says what the server said, and how it is called', () => {
	expect(classifyReply(reply(403, 'AccessDenied', { server: 'versitygw' }), { now: NOW })).toEqual({
		kind: 'refused',
		status: 403,
		code: 'AccessDenied',
		message: 'm',
		region: undefined,
		server: 'versitygw',
	});
	expect(classifyReply(reply(500), { now: NOW })).toMatchObject({ reason: '500' });
	expect(classifyReply(reply(100), { now: NOW }).kind).toBe('refused');
	expect(classifyReply(reply(300, 'NoSuchBucket'), { now: NOW })).toMatchObject({ code: 'NoSuchBucket' });
	expect(classifyReply(reply(200, '', { server: 's' }), { now: NOW })).toMatchObject({ server: 's' });
	const body = new TextEncoder().encode('<Error><Code>X</Code><Region>eu-west-1</Region></Error>');
	expect(classifyReply({ ...reply(301), body }, { now: NOW })).toMatchObject({
		region: 'eu-west-1',
		message: '',
	});
	expect(classifyReply(reply(400, 'NotImplemented'), { now: NOW }).kind).toBe('refused');
	expect(classifyReply(reply(503, 'NotImplemented'), { now: NOW }).kind).toBe('refused');
});

test('what a server asks for is passed on', () => {
	expect(classifyReply(reply(503, 'SlowDown', { 'retry-after': '30' }), { now: NOW })).toMatchObject({
		retryAfterMs: 30_000,
	});
	expect(
		classifyReply(reply(301, 'PermanentRedirect', { 'x-amz-bucket-region': 'eu-central-1' }), {
			now: NOW,
		}),
	).toMatchObject({ region: 'eu-central-1' });
	expect(classifyReply(reply(301, '', { 'x-amz-bucket-region': 'x`; rm' }), { now: NOW })).toMatchObject({
		region: undefined,
	});
});
