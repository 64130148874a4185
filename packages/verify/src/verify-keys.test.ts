import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { PREDICATE_TYPES, toStatement } from '@slipway/core/attestation';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { openRevocations, openTrust, type RevocationNotice, type Trust, verifyBundle } from './index.ts';
import { type Making, makeBundle, toBytes, toDigestOf, toPublicPem } from './sigstore-bundle.fixture.ts';
import {
	ARTIFACT,
	clock,
	DIGEST,
	IDENTITY,
	OTHER_DIGEST,
	openLocalTrust,
	toPolicy,
	toProvenance,
	toSigner,
} from './verify-bundle.fixture.ts';

const SHA512 = createHash('sha512').update(ARTIFACT).digest('hex');
const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 5, 15, 12);
const makeKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const [key, other] = [makeKey(), makeKey()];

let sigstore: LocalSigstore;
let trust: Trust;
beforeAll(async () => {
	sigstore = await startSigstore({ now: () => NOW });
	trust = await openLocalTrust(sigstore);
});
afterAll(() => sigstore.stop());

const make = async (more: Partial<Making> = {}): Promise<Uint8Array> =>
	toBytes(await makeBundle(sigstore, { payload: toProvenance(), key, witnesses: [], ...more }));
const toKey = (more: object = {}, pair = key) => ({ name: 'offline key', key: toPublicPem(pair), ...more });
const at = (now: number) => ({ now: () => now });
const iso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

describe('a window', () => {
	const witnessed = { witnesses: ['rekor', 'tsa'] } as const;
	test.each([
		[
			'now, without any proof of time, inside',
			{},
			{ 'valid-from': '2026-06-15', 'valid-until': '2026-06-15' },
			NOW,
			true,
		],
		['now, before it', {}, { 'valid-from': '2026-06-16' }, NOW, false],
		['now, after it', {}, { 'valid-until': '2026-06-14' }, NOW, false],
		[
			'a date means its whole day',
			{},
			{ 'valid-until': '2026-06-15' },
			Date.UTC(2026, 5, 15, 23, 59, 59),
			true,
		],
		['a time means its second', {}, { 'valid-until': iso(NOW) }, NOW + 2000, false],
		[
			'proven inside, verified long after',
			witnessed,
			{ 'valid-until': '2026-06-15' },
			NOW + 1e4 * HOUR,
			true,
		],
		['proven outside, verified inside', witnessed, { 'valid-from': '2026-07-01' }, NOW + 1e3 * HOUR, false],
		[
			'one witness inside and one outside',
			{ ...witnessed, times: { tsa: NOW + 48 * HOUR } },
			{ 'valid-until': '2026-06-15' },
			NOW,
			false,
		],
	] as const)('%s', async (_, making, window, now, accepted) => {
		const bundle = await make(making);
		const verify = () => verifyBundle(bundle, { trust, policy: toPolicy([toKey(window)]), clock: at(now) });
		if (accepted) expect(verify().signer.name).toBe('offline key');
		else expect(verify).toThrow(expect.objectContaining({ code: 'VERIFY_KEY_REFUSED' }));
	});

	test('a key with two windows is good in both, and named by the one that holds the time', async () => {
		const policy = toPolicy([
			toKey({ name: 'first year', 'valid-until': '2025-12-31' }),
			toKey({ name: 'second year', 'valid-from': '2026-01-01' }),
		]);
		expect(verifyBundle(await make(), { trust, policy, clock: at(NOW) }).signer.name).toBe('second year');
	});
});

describe('names of keys', () => {
	const policy = () => toPolicy([toKey({ name: 'one' }), toKey({ name: 'two' }, other)]);
	test('without a hint the key that fits is found', async () => {
		const bundle = await make({ key: other, hint: '' });
		expect(verifyBundle(bundle, { trust, policy: policy(), clock }).signer.name).toBe('two');
	});

	test.each([
		['the hint of another key of the policy', toDigestOf(other), 'VERIFY_SIGNATURE_INVALID'],
		['the hint of a key that nobody knows', 'ab'.repeat(32), 'VERIFY_KEY_REFUSED'],
		['a hint in upper case', toDigestOf(key).toUpperCase(), 'VERIFY_KEY_REFUSED'],
		['a prototype as hint', '__proto__', 'VERIFY_KEY_REFUSED'],
	])('%s', async (_, hint, code) => {
		const bundle = await make({ hint });
		expect(() => verifyBundle(bundle, { trust, policy: policy(), clock })).toThrow(
			expect.objectContaining({ code }),
		);
	});

	test('the envelope names another key than the bundle', async () => {
		const draft = await makeBundle(sigstore, { payload: toProvenance(), key, witnesses: [] });
		const [signature] = draft.dsseEnvelope.signatures;
		if (signature) signature.keyid = toDigestOf(other);
		expect(() => verifyBundle(toBytes(draft), { trust, policy: policy(), clock })).toThrow(
			expect.objectContaining({ code: 'VERIFY_KEY_REFUSED' }),
		);
	});

	test('a key that is not in the policy, without a hint', async () => {
		const bundle = await make({ key: makeKey(), hint: '' });
		expect(() => verifyBundle(bundle, { trust, policy: policy(), clock })).toThrow(
			expect.objectContaining({ code: 'VERIFY_SIGNATURE_INVALID' }),
		);
	});

	test('a key where the policy wants a certificate, and the other way', async () => {
		const certified = await make({ key: undefined as never, witnesses: ['rekor', 'tsa'] });
		expect(() => verifyBundle(certified, { trust, policy: policy(), clock })).toThrow(
			expect.objectContaining({ code: 'VERIFY_IDENTITY_MISMATCH' }),
		);
		const keyed = await make();
		expect(() => verifyBundle(keyed, { trust, policy: toPolicy([toSigner(sigstore)]), clock })).toThrow(
			expect.objectContaining({ code: 'VERIFY_KEY_REFUSED' }),
		);
	});
});

test('witnesses that a key needs by policy', async () => {
	const policy = toPolicy([toKey({ thresholds: { timestamps: 1 } })]);
	expect(() => verifyBundle(new Uint8Array(), { trust, policy, clock })).toThrow(
		expect.objectContaining({ code: 'VERIFY_BUNDLE_INVALID' }),
	);
	const bare = await make({ witnesses: ['rekor'] });
	expect(() => verifyBundle(bare, { trust, policy, clock })).toThrow(
		expect.objectContaining({ code: 'VERIFY_THRESHOLD_UNMET' }),
	);
	expect(verifyBundle(await make({ witnesses: ['tsa'] }), { trust, policy, clock }).timestamps).toHaveLength(
		1,
	);
});

test('without a trusted root keys verify, and witnesses cannot', async () => {
	const none = await openTrust({ clock });
	const policy = toPolicy([toKey()]);
	expect(verifyBundle(await make(), { trust: none, policy, clock }).signedAt).toBeNull();
	const witnessed = await make({ witnesses: ['tsa'] });
	expect(() => verifyBundle(witnessed, { trust: none, policy, clock })).toThrow(
		expect.objectContaining({ code: 'VERIFY_TRUST_UNAVAILABLE' }),
	);
});

describe('revocation notices', () => {
	const DATE = iso(NOW);
	const notice = async (
		revocation: object,
		digest: Record<string, string> = OTHER_DIGEST,
	): Promise<RevocationNotice[]> => {
		const predicate = { date: DATE, reason: 'the key was seen in a log', subjects: false, ...revocation };
		const payload = toStatement(PREDICATE_TYPES.revocation, [{ name: 'notice', digest }], predicate);
		const bundle = await make({ payload, key: other });
		const policy = toPolicy([toKey({ name: 'security team', predicates: ['revocation'] }, other)]);
		return openRevocations([bundle], { trust, policy, clock: at(NOW) });
	};
	const verifyAt = async (revocations: RevocationNotice[], now: number, making: Partial<Making> = {}) => {
		const bundle = await make(making);
		const policy = toPolicy([toKey(), toSigner(sigstore)]);
		return () => verifyBundle(bundle, { trust, policy, revocations, clock: at(now) });
	};
	const refused = expect.objectContaining({
		code: 'VERIFY_REVOKED',
		message: expect.stringContaining('security team'),
	});
	const tsaAt = (time: number) => ({ witnesses: ['tsa'] as const, times: { tsa: time } });

	test('a revoked key: refused without proof of time, and from the date on', async () => {
		const revocations = await notice({ keys: [toDigestOf(key)] });
		expect(await verifyAt(revocations, NOW + 1)).toThrow(refused);
		expect(await verifyAt(revocations, NOW + HOUR, tsaAt(NOW))).toThrow(refused);
		expect(await verifyAt(revocations, NOW + HOUR, tsaAt(NOW + 1000))).toThrow(refused);
		expect((await verifyAt(revocations, NOW + HOUR, tsaAt(NOW - 1000)))().signer.name).toBe('offline key');
	});

	test('every witness must have seen it before', async () => {
		const revocations = await notice({ keys: [toDigestOf(key)] });
		const making = { witnesses: ['rekor', 'tsa'] as const, times: { tsa: NOW - HOUR, rekor: NOW + HOUR } };
		expect(await verifyAt(revocations, NOW + HOUR, making)).toThrow(refused);
	});

	test('a notice whose date has not come', async () => {
		const revocations = await notice({ keys: [toDigestOf(key)] });
		expect((await verifyAt(revocations, NOW - 1))().signedAt).toBeNull();
	});

	test('another key is not concerned', async () => {
		const revocations = await notice({ keys: [toDigestOf(other)] });
		expect((await verifyAt(revocations, NOW + HOUR))().signer.name).toBe('offline key');
	});

	test('a revoked builder', async () => {
		const revocations = await notice({ builders: [IDENTITY] });
		const making = { key: undefined as never, witnesses: ['rekor', 'tsa'] as const };
		expect(await verifyAt(revocations, NOW + HOUR, making)).toThrow(refused);
		const before = { ca: NOW - HOUR, rekor: NOW - HOUR, tsa: NOW - HOUR };
		const early = await verifyAt(revocations, NOW + HOUR, { ...making, times: before });
		expect(early().signer.identity).toBe(IDENTITY);
	});

	test('a revoked file is refused whenever it was signed', async () => {
		const revocations = await notice({ subjects: true }, DIGEST);
		expect(await verifyAt(revocations, NOW + HOUR, tsaAt(NOW - 1000))).toThrow(refused);
		const others = await notice({ subjects: true }, OTHER_DIGEST);
		expect((await verifyAt(others, NOW + HOUR))().kind).toBe('provenance');
	});

	test.each([
		['the statement gives sha512 alone, the notice sha256 alone', { sha512: SHA512 }, DIGEST],
		['the statement gives sha256 alone, the notice sha512 alone', DIGEST, { sha512: SHA512 }],
		['the notice gives one right digest and a wrong one', DIGEST, { ...DIGEST, sha512: 'ab'.repeat(64) }],
	])('a revoked file by whichever digest: %s', async (_, ofStatement, ofNotice) => {
		const revocations = await notice({ subjects: true }, ofNotice);
		const payload = toStatement(PREDICATE_TYPES.provenance, [{ name: 'greet', digest: ofStatement }], {});
		const bundle = await make({ payload });
		const subject = { ...DIGEST, sha512: SHA512 };
		const request = { trust, policy: toPolicy([toKey()]), subject, clock: at(NOW + HOUR) };
		expect(verifyBundle(bundle, request).kind).toBe('provenance');
		expect(() => verifyBundle(bundle, { ...request, revocations })).toThrow(refused);
	});

	test('a notice of somebody who may not revoke', async () => {
		const predicate = { date: DATE, reason: 'to do harm', subjects: false, keys: [toDigestOf(key)] };
		const payload = toStatement(PREDICATE_TYPES.revocation, [{ name: 'notice', digest: DIGEST }], predicate);
		const bundle = await make({ payload });
		const policy = toPolicy([toKey({ predicates: ['provenance'] })]);
		expect(() => openRevocations([bundle], { trust, policy, clock })).toThrow(
			expect.objectContaining({ code: 'VERIFY_PREDICATE_MISMATCH' }),
		);
	});

	test('a notice that is none', async () => {
		const bundle = await make();
		expect(() => openRevocations([bundle], { trust, policy: toPolicy([toKey()]), clock })).toThrow(
			expect.objectContaining({ code: 'VERIFY_PREDICATE_MISMATCH' }),
		);
		await expect(notice({ date: 'yesterday' })).rejects.toMatchObject({ code: 'VERIFY_STATEMENT_INVALID' });
	});
});
