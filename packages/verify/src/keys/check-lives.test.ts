import { generateKeyPairSync } from 'node:crypto';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { toPublicPem } from '../sigstore-bundle.fixture.ts';
import { openLocalTrust, toPolicy } from '../verify-bundle.fixture.ts';
import { checkLives } from './check-lives.ts';
import { type KeyLife, toPolicyLives, toTrustLives } from './life.ts';

const NOW = Date.UTC(2026, 5, 15);
const DAY = 86_400_000;
const at = (days: number | null): Date | null => (days === null ? null : new Date(NOW + days * DAY));
const life = (name: string, from: number | null, until: number | null, role = 'key'): KeyLife => ({
	name,
	role,
	id: name,
	validFrom: at(from),
	validUntil: at(until),
});

describe('60 days ahead', () => {
	test.each<readonly [string, readonly KeyLife[], readonly string[], boolean]>([
		['no end', [life('a', null, null)], ['good'], false],
		['an end far away', [life('a', -10, 61)], ['good'], false],
		['an end too near', [life('a', -10, 59)], ['expires-soon'], true],
		['an end in the past', [life('a', -10, -1)], ['expired'], true],
		['a beginning in the future', [life('a', 5, 500)], ['not-yet-valid'], false],
		[
			'another takes over with an overlap',
			[life('a', -10, 20), life('b', 5, 400)],
			['rotating', 'not-yet-valid'],
			false,
		],
		[
			'another takes over in the same second',
			[life('a', -10, 20), life('b', 20, 400)],
			['rotating', 'not-yet-valid'],
			false,
		],
		[
			'another comes too late',
			[life('a', -10, 20), life('b', 21, 400)],
			['expires-soon', 'not-yet-valid'],
			true,
		],
		[
			'another ends soon too',
			[life('a', -10, 20), life('b', -5, 30)],
			['expires-soon', 'expires-soon'],
			true,
		],
		[
			'another of another role',
			[life('a', -10, 20), life('b', -5, null, 'other')],
			['expires-soon', 'good'],
			true,
		],
		['one that was replaced', [life('a', -900, -100), life('b', -200, 400)], ['retired', 'good'], false],
		[
			'one that was replaced after a gap',
			[life('a', -900, -200), life('b', -100, 400)],
			['expired', 'good'],
			true,
		],
	])('%s', (_, lives, states, alarm) => {
		const check = checkLives(lives, { now: NOW, days: 60 });
		expect(check.findings.map(({ state }) => state)).toEqual(states);
		expect(check.alarm).toBe(alarm);
	});

	test('says how many days are left, and who takes over', () => {
		const { findings } = checkLives([life('a', -10, 20.5), life('b', 5, 400)], { now: NOW, days: 60 });
		expect(findings[0]).toMatchObject({ days: 20, successor: 'b' });
		expect(findings[1]).toMatchObject({ days: 400, successor: null });
	});
});

test('keys of a policy have a role by what they may sign', () => {
	const key = toPublicPem(generateKeyPairSync('ed25519').privateKey);
	const policy = toPolicy([
		{ name: 'a', key, 'valid-until': '2026-06-15', predicates: ['vsa', 'provenance'] },
		{ name: 'b', key },
		{ name: 'c', issuer: 'https://issuer.example', identity: 'x' },
	]).policy;
	expect(toPolicyLives(policy)).toMatchObject([
		{ name: 'a', role: 'key of the policy for provenance, vsa', validUntil: new Date(NOW + DAY - 1) },
		{ name: 'b', role: 'key of the policy for everything', validFrom: null, validUntil: null },
	]);
});

describe('a trusted root', () => {
	let sigstore: LocalSigstore;
	beforeAll(async () => {
		sigstore = await startSigstore();
	});
	afterAll(() => sigstore.stop());

	test('its logs last, its authorities as long as their certificates', async () => {
		const lives = toTrustLives(await openLocalTrust(sigstore));
		expect(lives.map(({ role }) => role)).toEqual([
			'transparency log',
			'transparency log',
			'certificate log',
			'certificate authority',
			'timestamp authority',
		]);
		const ends = lives.map(({ validUntil }) => validUntil?.getTime() ?? null);
		expect(ends.slice(0, 3)).toEqual([null, null, null]);
		for (const end of ends.slice(3)) expect(end).toBeGreaterThan(Date.now());
	});
});
