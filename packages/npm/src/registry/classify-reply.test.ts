import type { HttpReply } from '@slipway/http';
import { classifyReply } from './classify-reply.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');

const reply = (status: number, body: unknown, headers: Record<string, string> = {}): HttpReply => ({
	kind: 'reply',
	status,
	headers: new Headers(headers),
	body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

const lost = (sent: boolean): HttpReply => ({ kind: 'lost', sent, reason: 'reset', cause: undefined });

const PACKUMENT =
	'Failed to save packument. A common cause is if you try to publish a new package before the previous package has been fully processed.';

test.each<readonly [string, HttpReply, object]>([
	['200', reply(200, { success: true }), { kind: 'accepted' }],
	['201', reply(201, {}), { kind: 'accepted' }],
	['202 without body', reply(202, ''), { kind: 'accepted' }],
	[
		'403 taken',
		reply(403, { error: 'You cannot publish over the previously published versions: 1.0.0.' }),
		{ kind: 'taken' },
	],
	[
		'403 taken, older wording',
		reply(403, { error: 'You cannot publish over the previously published version 1.0.0.' }),
		{ kind: 'taken' },
	],
	[
		'403 taken, oldest',
		reply(403, { error: 'cannot modify pre-existing version: 0.1.1' }),
		{ kind: 'taken' },
	],
	[
		'409 staged',
		reply(409, { error: 'Cannot publish over previously staged version "1.0.0".' }),
		{ kind: 'staged' },
	],
	['409 packument', reply(409, { error: PACKUMENT }), { kind: 'busy', reason: `409 ${PACKUMENT}` }],
	['409 keeps what was sent', reply(409, {}, { 'retry-after': '3' }), { retryAfterMs: 3000, sent: true }],
	[
		'the words of 403 with another status',
		reply(400, { error: 'You cannot publish over the previously published versions: 1.0.0.' }),
		{ kind: 'refused' },
	],
	[
		'the words of 409 with another status',
		reply(400, { error: 'Cannot publish over previously staged version "1.0.0".' }),
		{ kind: 'refused' },
	],
	['299', reply(299, ''), { kind: 'accepted' }],
	['300', reply(300, ''), { kind: 'refused' }],
	['199', reply(199, ''), { kind: 'refused' }],
	['a text', reply(400, '"in words"'), { message: 'in words' }],
	['null', reply(400, 'null'), { message: 'null' }],
	['a number', reply(400, '5'), { message: '5' }],
	['blanks around it', reply(400, '  no\n'), { message: 'no' }],
	['only a message', reply(400, { error: '', message: 'no' }), { message: 'no' }],
	['409 without words', reply(409, { error: 'Conflict' }), { kind: 'busy' }],
	["409 in Verdaccio's words", reply(409, { error: 'this package is already present' }), { kind: 'busy' }],
	['403 policy', reply(403, { error: 'Forbidden' }), { kind: 'blocked', message: 'Forbidden' }],
	['403 with a page', reply(403, '<html>no'), { kind: 'blocked', message: '<html>no' }],
	['403 second factor', reply(403, { error: 'one-time password needed' }), { kind: 'otp' }],
	['404', reply(404, { error: 'Not found' }), { kind: 'not-found', message: 'Not found' }],
	['401', reply(401, { error: 'You must be logged in' }), { kind: 'unauthorized' }],
	['401 with header', reply(401, '', { 'www-authenticate': 'Basic, OTP' }), { kind: 'otp' }],
	['401 with words', reply(401, { error: 'You must provide a one-time pass.' }), { kind: 'otp' }],
	[
		'422',
		reply(422, { error: 'Error verifying sigstore provenance bundle: x' }),
		{ kind: 'refused', status: 422 },
	],
	['402', reply(402, { error: 'You must sign up for private packages' }), { kind: 'refused', status: 402 }],
	['400', reply(400, 'bad'), { kind: 'refused', status: 400, message: 'bad' }],
	['413', reply(413, ''), { kind: 'refused', status: 413 }],
	['a redirect', reply(302, ''), { kind: 'refused', status: 302 }],
	['429 seconds', reply(429, '', { 'retry-after': '7' }), { kind: 'unknown', retryAfterMs: 7000 }],
	[
		'429 date',
		reply(429, '', { 'retry-after': 'Sat, 21 Nov 2026 00:01:00 GMT' }),
		{ kind: 'unknown', retryAfterMs: 60_000 },
	],
	['429 absurd', reply(429, '', { 'retry-after': '99999999' }), { kind: 'unknown', retryAfterMs: 600_000 }],
	['429 missing', reply(429, ''), { kind: 'unknown', retryAfterMs: undefined }],
	['500', reply(500, 'x'), { kind: 'unknown', reason: '500 x', sent: true }],
	['502', reply(502, ''), { kind: 'unknown' }],
	['503', reply(503, '', { 'retry-after': '1' }), { kind: 'unknown', retryAfterMs: 1000 }],
	['504', reply(504, ''), { kind: 'unknown' }],
	['a reset after the request', lost(true), { kind: 'unknown', reason: 'reset', sent: true }],
	['a refused connection', lost(false), { kind: 'unknown', sent: false }],
])('%s', (_, input, expected) => {
	expect(classifyReply(input, NOW)).toMatchObject(expected);
});

test('words that are no UTF-8 are shown as far as they go', () => {
	const body = Buffer.concat([Buffer.from('{"error":"a'), Buffer.from([0xff]), Buffer.from('"}')]);
	const found = classifyReply({ kind: 'reply', status: 400, headers: new Headers(), body }, NOW);
	expect(found).toMatchObject({ message: '{"error":"a\ufffd"}' });
});

test('foreign words are made printable and short', () => {
	const found = classifyReply(reply(403, { error: `\u001b[31m\u202e${'x'.repeat(5000)}` }), NOW);
	expect(found).toMatchObject({
		kind: 'blocked',
		message: expect.stringMatching(/^\\u\{1b\}\[31m\\u\{202e\}x+/),
	});
	expect((found as { message: string }).message.length).toBeLessThan(400);
});
