import { testContext, VirtualClock } from '@slipway/testing';
import type { NpmCredentials } from '../config/credentials.ts';
import { checkAccess, checkCredentials, checkRegistry } from './findings.ts';
import { type Replies, toCredentials, withSmallRegistry } from './small-registry.fixture.ts';

const registry = withSmallRegistry();
const NOW = Date.parse('2026-11-21T12:00:00Z');
const context = () => testContext('', new VirtualClock(NOW));

describe('the registry', () => {
	const check = (replies: Replies, date?: string) => {
		registry().replies = replies;
		registry().headers = date === undefined ? {} : { date };
		return checkRegistry(registry().target(), context());
	};
	const at = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString();

	test.each([
		['in time', 0],
		['a minute behind', -60],
		['a minute ahead', 60],
	])('answers, %s: fine', async (_name, seconds) => {
		expect(await check({ '-/ping': [200, {}] }, at(seconds))).toEqual([]);
		expect(registry().asked).toEqual(['nobody -/ping']);
	});

	test.each([
		['warning', 61],
		['warning', -61],
		['warning', 300],
		['error', 301],
		['error', -3600],
	])('%s where its clock differs by %d s', async (severity, seconds) => {
		expect(await check({ '-/ping': [200, {}] }, at(seconds))).toEqual([
			expect.objectContaining({
				severity,
				code: 'NPM_CLOCK_SKEW',
				message: expect.stringContaining(` ${Math.abs(seconds)} s`),
			}),
		]);
	});

	test('says no time that can be read: nothing to compare', async () => {
		expect(await check({ '-/ping': [200, {}] }, 'soon')).toEqual([]);
	});

	test('does not know the call: it is there', async () => {
		expect(await check({ '-/ping': [404, {}] }, at(0))).toEqual([]);
		expect(await check({ '-/ping': [499, {}] }, at(0))).toEqual([]);
	});

	test('has a fault: it says which', async () => {
		expect(await check({ '-/ping': [500, { error: 'down' }] })).toEqual([
			expect.objectContaining({
				severity: 'error',
				code: 'NPM_REGISTRY_UNREACHABLE',
				message: `the registry ${registry().url} did not answer: 500 down`,
			}),
		]);
	});

	test('is not there', async () => {
		const target = registry().target();
		const nobody = {
			...target,
			registry: {
				...target.registry,
				read: async () => ({ kind: 'lost', sent: false, reason: 'refused', cause: undefined }) as const,
			},
		};
		expect(await checkRegistry(nobody, context())).toMatchObject([
			{ message: expect.stringMatching(/did not answer: refused$/) },
		]);
	});
});

describe('credentials', () => {
	const check = (kind: NpmCredentials['kind'], marks = false, needsCredentials = true) =>
		checkCredentials(
			registry().target({ credentials: toCredentials(kind), needsCredentials }),
			context(),
			marks,
		);

	test('are needed, or another job has them', async () => {
		expect(await check('none')).toMatchObject([
			{
				severity: 'error',
				code: 'NPM_NO_CREDENTIALS',
				hint: expect.stringContaining('id-token: write'),
			},
		]);
		expect(await check('none', false, false)).toMatchObject([
			{ severity: 'warning', code: 'NPM_NO_CREDENTIALS' },
		]);
		expect(registry().asked).toEqual([]);
	});

	test('trusted publishing alone cannot mark', async () => {
		expect(await check('oidc', false)).toMatchObject([
			{
				severity: 'warning',
				code: 'NPM_DEPRECATE_NEEDS_TOKEN',
				message: expect.stringContaining('a rollback could only move dist-tags'),
			},
		]);
		expect(await check('oidc', true)).toMatchObject([{ message: 'trusted publishing cannot deprecate' }]);
	});

	test.each([
		['token', 401, 1],
		['token', 403, 1],
		['oidc and token', 401, 1],
		['token', 200, 0],
		['token', 404, 0],
		['token', 500, 0],
	] as const)('%s: whoami answers %d', async (kind, status, count) => {
		registry().replies = { '-/whoami': [status, { error: 'no' }] };
		const findings = await check(kind);
		expect(findings).toHaveLength(count);
		expect(registry().asked).toEqual(['Bearer :mark -/whoami']);
		if (count > 0)
			expect(findings).toMatchObject([
				{
					severity: 'error',
					code: 'NPM_TOKEN_REFUSED',
					message: expect.stringContaining(`${status} no`),
				},
			]);
	});
});

describe('write access', () => {
	const WHO = '-/whoami';
	const LIST = '-/package/@acme%2fgreet/collaborators?format=cli';
	const check = (replies: Replies, kind: NpmCredentials['kind'] = 'token') => {
		registry().replies = replies;
		return checkAccess(registry().target({ credentials: toCredentials(kind) }), '@acme/greet', context());
	};
	const ada = [200, { username: 'ada' }] as const;

	test.each<[string, Replies, number]>([
		['a reader', { [WHO]: ada, [LIST]: [200, { ada: 'read-only', bob: 'read-write' }] }, 1],
		['a writer', { [WHO]: ada, [LIST]: [200, { ada: 'read-write' }] }, 0],
		['nobody on the list', { [WHO]: ada, [LIST]: [200, { bob: 'read-only' }] }, 0],
		['a list that may not be read', { [WHO]: ada, [LIST]: [403, { ada: 'read-only' }] }, 0],
		['a list that is none', { [WHO]: ada, [LIST]: [200, ['ada']] }, 0],
		['a user without a name', { [WHO]: [200, {}], [LIST]: [200, { ada: 'read-only' }] }, 0],
		['a user who is not said', { [WHO]: [404, {}], [LIST]: [200, { ada: 'read-only' }] }, 0],
	])('%s', async (_name, replies, count) => {
		expect(await check(replies)).toHaveLength(count);
	});

	test('who lacks it is named, with the right that there is', async () => {
		expect(await check({ [WHO]: ada, [LIST]: [200, { ada: 'read-only' }] })).toMatchObject([
			{
				severity: 'error',
				code: 'NPM_NO_WRITE_RIGHT',
				message: '@acme/greet: expected ada to have write access, got read-only',
			},
		]);
		expect(registry().asked).toEqual([`Bearer @acme/greet:mark ${WHO}`, `Bearer @acme/greet:mark ${LIST}`]);
	});

	test.each([
		['none', 0],
		['oidc', 0],
		['oidc and token', 1],
	] as const)('with credentials %s', async (kind, count) => {
		expect(await check({ [WHO]: ada, [LIST]: [200, { ada: 'read-only' }] }, kind)).toHaveLength(count);
		if (count === 0) expect(registry().asked).toEqual([]);
	});
});
