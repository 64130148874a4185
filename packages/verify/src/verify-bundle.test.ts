import { generateKeyPairSync } from 'node:crypto';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { type Trust, verifyBundle } from './index.ts';
import { type Making, makeBundle, toBytes, toDigestOf, toPublicPem } from './sigstore-bundle.fixture.ts';
import {
	clock,
	DIGEST,
	IDENTITY,
	openLocalTrust,
	toPolicy,
	toProvenance,
	toSigner,
} from './verify-bundle.fixture.ts';

let sigstore: LocalSigstore;
let trust: Trust;
beforeAll(async () => {
	sigstore = await startSigstore();
	trust = await openLocalTrust(sigstore);
});
afterAll(() => sigstore.stop());

const make = (more: Partial<Making> = {}) => makeBundle(sigstore, { payload: toProvenance(), ...more });

test('a certificate with log, timestamp and certificate log', async () => {
	const bundle = toBytes(await make());
	const verified = verifyBundle(bundle, {
		trust,
		policy: toPolicy([toSigner(sigstore)]),
		subject: DIGEST,
		clock,
	});
	expect(verified).toMatchObject({
		kind: 'provenance',
		statement: toProvenance(),
		signer: { name: 'release workflow', identity: IDENTITY, issuer: sigstore.issuer, key: null },
		certificate: {
			issuer: sigstore.issuer,
			workflow: IDENTITY,
			sourceRepository: 'https://github.com/example/greet',
			sourceRepositoryId: '1001',
			sourceOwnerId: '2002',
			sourceRef: 'refs/tags/v1.0.0',
			event: 'push',
			runnerEnvironment: 'github-hosted',
		},
		logs: [{ url: sigstore.url }],
	});
	expect(Math.abs((verified.signedAt?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
});

test('Rekor v2 with a timestamp', async () => {
	const bundle = toBytes(await make({ witnesses: ['rekor-v2', 'tsa'] }));
	const verified = verifyBundle(bundle, { trust, policy: toPolicy([toSigner(sigstore)]), clock });
	expect(verified.logs).toEqual([{ url: sigstore.url, logIndex: expect.any(String), integratedAt: null }]);
});

test('two logs and a timestamp, where the policy demands two logs', async () => {
	const bundle = toBytes(await make({ witnesses: ['rekor', 'rekor-v2', 'tsa'] }));
	const policy = toPolicy([toSigner(sigstore)], { thresholds: { 'transparency-logs': 2 } });
	expect(verifyBundle(bundle, { trust, policy, clock }).logs).toHaveLength(2);
});

describe('a key of one\u2019s own', () => {
	const pairs = [
		['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
		['RSA 3072', generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey],
		['ed25519', generateKeyPairSync('ed25519').privateKey],
	] as const;

	test.each(pairs)('%s without any witness', async (_, key) => {
		const bundle = toBytes(await make({ key, witnesses: [] }));
		const policy = toPolicy([{ name: 'offline key', key: toPublicPem(key) }]);
		expect(verifyBundle(bundle, { trust, policy, subject: DIGEST, clock })).toMatchObject({
			signer: { name: 'offline key', identity: null, issuer: null, key: toDigestOf(key) },
			signedAt: null,
			certificate: null,
		});
	});

	test.each(pairs)('%s with log and timestamp', async (_, key) => {
		const bundle = toBytes(await make({ key }));
		const thresholds = { 'transparency-logs': 1, timestamps: 1 };
		const policy = toPolicy([{ name: 'offline key', key: toPublicPem(key), thresholds }]);
		expect(verifyBundle(bundle, { trust, policy, clock }).signedAt).toBeInstanceOf(Date);
	});

	test.each(['', 'hexadecimal', 'base64', 'npm'])('named by %s', async (form) => {
		const [, key] = pairs[0];
		const digest = Buffer.from(toDigestOf(key), 'hex');
		const hints = new Map([
			['', ''],
			['hexadecimal', digest.toString('hex')],
			['base64', digest.toString('base64')],
			['npm', `SHA256:${digest.toString('base64').replace('=', '')}`],
		]);
		const bundle = await make({ key, witnesses: [], hint: hints.get(form) ?? '' });
		const policy = toPolicy([{ name: 'offline key', key: toPublicPem(key) }]);
		expect(verifyBundle(toBytes(bundle), { trust, policy, clock }).signer.name).toBe('offline key');
	});
});
