import type { HttpReply } from '@slipway/http';
import * as v from 'valibot';
import { toRestError } from './failure.ts';
import { toNeededPermission } from './permission.ts';
import { classifyFailure, parseBody } from './reply.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ASKED = { method: 'POST', path: '/repos/acme/greet/releases', now: NOW };

const toBody = (body: unknown): Uint8Array =>
	Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
const reply = (status: number, body: unknown = '', headers: Record<string, string> = {}) =>
	({ kind: 'reply', status, headers: new Headers(headers), body: toBody(body) }) as const;
const classify = (given: HttpReply) => classifyFailure(given, ASKED);

test.each([200, 204, 299])('%d is no failure', (status) => {
	expect(classify(reply(status))).toBeUndefined();
});

test.each([true, false])('no reply to what was sent (%s)', (sent) => {
	const lost = { kind: 'lost', sent, reason: 're\nset', cause: undefined } as const;
	expect(classify(lost)).toEqual({
		kind: 'unknown',
		reason: 're\\u{a}set',
		retryAfterMs: undefined,
		sent,
	});
});

test.each([
	[199, 'refused'],
	[300, 'refused'],
	[304, 'refused'],
	[400, 'refused'],
	[401, 'unauthorized'],
	[403, 'no-right'],
	[404, 'not-found'],
	[410, 'not-found'],
	[422, 'refused'],
	[429, 'limited'],
	[499, 'refused'],
	[500, 'unknown'],
	[503, 'unknown'],
])('%d is %s', (status, kind) => {
	expect(classify(reply(status))).toMatchObject({ kind });
});

test.each([
	[299, undefined],
	[300, 'renamed'],
	[399, 'renamed'],
	[400, 'Correct what the API names'],
	[401, 'token is not valid'],
	[403, '`contents: write`'],
	[404, 'Check the name'],
])('the hint for %d', (status, hint) => {
	const found = classify(reply(status));
	if (hint === undefined) expect(found).toBeUndefined();
	else expect(found).toMatchObject({ hint: expect.stringContaining(hint) });
});

describe('limits', () => {
	const wait = (headers: Record<string, string>, status = 403) => {
		const found = classify(reply(status, { message: 'x' }, headers));
		return found && 'retryAfterMs' in found ? [found.kind, found.retryAfterMs] : found?.kind;
	};
	const reset = (seconds: number) => String(NOW / 1000 + seconds);

	test.each([
		[{ 'retry-after': '7', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(60) }, 7000],
		[{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(60) }, 61_000],
		[{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(-60) }, 0],
		[{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(100_000) }, 600_000],
		[{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' }, undefined],
		[{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1'.repeat(13) }, undefined],
		[{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${reset(60)}.5` }, undefined],
		[{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': ` x${reset(60)}` }, undefined],
		[{ 'x-ratelimit-remaining': '0' }, undefined],
	])('%j', (headers, ms) => {
		expect(wait(headers)).toEqual(['limited', ms]);
	});

	test('where requests are left, the reset says nothing', () => {
		expect(wait({ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': reset(60) }, 429)).toEqual([
			'limited',
			undefined,
		]);
		expect(wait({ 'x-ratelimit-remaining': '1' })).toBe('no-right');
	});

	test.each([
		[403, 'You have exceeded a secondary RATE LIMIT', 'limited'],
		[403, 'Triggered an abuse detection mechanism', 'limited'],
		[403, 'rate', 'no-right'],
		[422, 'rate limit', 'refused'],
	])('%d %s is %s', (status, message, kind) => {
		expect(classify(reply(status, { message }))).toMatchObject({ kind });
	});

	test.each([401, 404, 422])('%d is no limit, whatever its headers', (status) => {
		expect(wait({ 'retry-after': '7', 'x-ratelimit-remaining': '0' }, status)).not.toBe('limited');
	});
});

describe('words', () => {
	const say = (body: unknown) => {
		const found = classify(reply(422, body));
		return found && 'codes' in found ? [found.message, found.codes] : [];
	};

	test.each<[string, unknown, string, readonly string[]]>([
		['a message', { message: 'no' }, 'no', []],
		['nothing', '', 'no message', []],
		['an empty object', {}, 'no message', []],
		['a page', '  <html>no  ', '<html>no', []],
		['a text as mistake', { message: 'no', errors: ['why'] }, 'no; why', []],
		['a code', { message: 'no', errors: [{ code: 'invalid' }] }, 'no; invalid', ['invalid']],
		[
			'a code of a field',
			{ message: 'no', errors: [{ code: 'missing', field: 'tag' }] },
			'no; tag missing',
			['missing'],
		],
		[
			'words instead of a code',
			{ message: '', errors: [{ code: 'custom', field: 'tag', message: 'why' }] },
			'why',
			['custom'],
		],
		['mistakes that are none', { message: 'no', errors: 5 }, 'no', []],
		['a mistake without words', { message: 'no', errors: [{}] }, 'no', []],
		['a message that is none', { message: 5, errors: ['why'] }, 'why', []],
	])('%s', (_name, body, message, codes) => {
		expect(say(body)).toEqual([message, codes]);
	});

	test('ten mistakes are enough', () => {
		const errors = Array.from({ length: 20 }, (_, at) => ({ code: `c${at}` }));
		expect(say({ message: 'no', errors })[1]).toHaveLength(10);
	});

	test('long words are cut', () => {
		expect(say('x'.repeat(5000))[0]).toBe('x'.repeat(200));
		expect(say({ message: 'x'.repeat(5000) })[0]).toMatch(/^x{300}… \(5000 characters\)$/);
		expect(say({ message: 'x'.repeat(70_000) })[0]).toMatch(/^\{"message":"x+$/);
	});
});

describe('bodies', () => {
	const schema = v.object({ id: v.number() });
	const read = (body: unknown) => parseBody(schema, reply(200, body));

	test('are read as they are expected', () => {
		expect(read({ id: 1 })).toMatchObject({ kind: 'ok', status: 200, value: { id: 1 } });
		expect(parseBody(v.null(), reply(204, ''))).toMatchObject({ kind: 'ok', status: 204, value: null });
	});

	test.each([
		['{', /^200, but the reply: /],
		[{ id: 'x' }, /^200, but the reply is not what was expected: id /],
		['', /^200, but the reply is not what was expected: {2}/],
	])('%j is unknown: the change may have happened', (body, reason) => {
		expect(read(body)).toEqual({
			kind: 'unknown',
			reason: expect.stringMatching(reason),
			retryAfterMs: undefined,
			sent: true,
		});
	});
});

describe('errors', () => {
	const refusal = { status: 422, message: 'no', codes: [], hint: 'do it' };
	test.each([
		['unauthorized', 'GITHUB_TOKEN_REFUSED'],
		['no-right', 'GITHUB_NO_RIGHT'],
		['not-found', 'GITHUB_NOT_FOUND'],
		['refused', 'GITHUB_REFUSED'],
	] as const)('%s is %s', (kind, code) => {
		expect(toRestError('a thing', { kind, ...refusal })).toMatchObject({
			code,
			message: 'a thing: 422 no',
			hint: 'do it',
		});
	});

	test.each([
		['limited', false, true, 'GITHUB_LIMITED'],
		['limited', true, true, 'GITHUB_LIMITED'],
		['unknown', true, true, 'GITHUB_REPLY_LOST'],
		['unknown', false, true, 'GITHUB_UNREACHABLE'],
		['unknown', true, false, 'GITHUB_UNREACHABLE'],
	] as const)('%s, sent %s, of a change %s: %s', (kind, sent, isChange, code) => {
		const failure = { kind, sent, reason: 'reset', retryAfterMs: undefined };
		expect(toRestError('a thing', failure, isChange)).toMatchObject({
			code,
			message: expect.stringContaining('reset'),
			hint: expect.stringContaining('later'),
		});
	});

	test('without a word about it, it was a read', () => {
		const failure = { kind: 'unknown', sent: true, reason: 'x', retryAfterMs: undefined } as const;
		expect(toRestError('a thing', failure).code).toBe('GITHUB_UNREACHABLE');
	});
});

test.each([
	[null, 'GET', '/repos/a/b/releases', 'contents: read'],
	[null, 'HEAD', '/repos/a/b/releases', 'contents: read'],
	[null, 'PATCH', '/repos/a/b/releases', 'contents: write'],
	[null, 'POST', '/repos/a/b/attestations', 'attestations: write'],
	[null, 'GET', '/repos/a/b/attestations/sha256:0', 'attestations: read'],
	[null, 'GET', '/repos/a/b/attestationsx', 'contents: read'],
	[null, 'POST', '/repos/a/b/issues', 'issues: write'],
	[null, 'POST', '/repos/a/b/issues/1/comments', 'issues: write'],
	[null, 'GET', '/repos/a/b/labels', 'issues: read'],
	[null, 'GET', '/repos/a/b/milestones/1', 'issues: read'],
	[null, 'GET', '/repos/a/b/pulls/1', 'pull-requests: read'],
	[null, 'GET', '/repos/a/b/pulls', 'pull-requests: read'],
	[null, 'GET', '/repos/a/b/pages', 'pages: read'],
	[null, 'GET', '/repos/a/b/pages/builds', 'pages: read'],
	[null, 'GET', '/repos/a/b/deployments', 'deployments: read'],
	[null, 'GET', '/repos/a/b/deployments/1', 'deployments: read'],
	[null, 'GET', '/repos/a/b/environments/npm', 'actions: read'],
	[null, 'GET', '/repos/a/b/actions', 'actions: read'],
	[null, 'GET', '/repos/a/b/immutable-releases', 'administration: read'],
	[null, 'GET', '/repos/a/b/immutable-releases/x', 'contents: read'],
	['pull_requests=read; issues=write', 'POST', '/x', 'pull-requests: read'],
	['  repository_custom_properties=admin', 'POST', '/x', 'repository-custom-properties: admin'],
	['x contents=write', 'GET', '/repos/a/b/pages', 'pages: read'],
	['contents=', 'GET', '/repos/a/b/pages', 'pages: read'],
	['contents=nothing', 'GET', '/repos/a/b/pages', 'pages: read'],
])('accepted %j, %s %s needs %s', (accepted, method, path, permission) => {
	expect(toNeededPermission(accepted, { method, path })).toBe(permission);
});
