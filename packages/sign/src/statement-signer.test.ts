import { generateKeyPairSync } from 'node:crypto';
import { SlipwayError } from '@slipway/core';
import { BUNDLE_MEDIA_TYPE, parseStatement, toStatement } from '@slipway/core/attestation';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { type KeySigner, toKeySigner } from './key/key-signer.ts';
import {
	openKeyless,
	toContext,
	toJson,
	toServices,
	toTestStatement,
	verifyWithLibrary,
	type Witnessing,
} from './sigstore.fixture.ts';
import { openSigner } from './statement-signer.ts';

let sigstore: LocalSigstore;
beforeAll(async () => {
	sigstore = await startSigstore();
});
afterAll(() => sigstore.stop());
beforeEach(() => sigstore.faults.clear());

const KEYS = {
	'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
	'RSA 3072': generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey,
	Ed25519: generateKeyPairSync('ed25519').privateKey,
};
const THRESHOLDS: Readonly<Record<Witnessing, { logs: number; timestamps: number }>> = {
	v1: { logs: 1, timestamps: 1 },
	'v1 alone': { logs: 1, timestamps: 0 },
	v2: { logs: 1, timestamps: 1 },
	tsa: { logs: 0, timestamps: 1 },
	none: { logs: 0, timestamps: 0 },
};

const openWithKey = (key: KeySigner, witnessing: Witnessing) =>
	openSigner({ services: toServices(sigstore, witnessing), key, context: toContext() });

describe('keyless', () => {
	test.each(['v1', 'v1 alone', 'v2', 'tsa'] as const)('%s: the bundle verifies', async (witnessing) => {
		const signer = await openKeyless(sigstore, witnessing);
		const bundle = await signer.attest(toTestStatement());
		verifyWithLibrary(sigstore, bundle, THRESHOLDS[witnessing]);
		const json = toJson(bundle);
		expect(json.mediaType).toBe(BUNDLE_MEDIA_TYPE);
		expect(Object.keys(json.verificationMaterial)).toContain('certificate');
		expect(json.dsseEnvelope.signatures).toHaveLength(1);
		expect(json.dsseEnvelope.signatures[0].keyid ?? '').toBe('');
		const payload = Buffer.from(json.dsseEnvelope.payload, 'base64');
		expect(parseStatement(payload)).toEqual(toTestStatement());
	});

	test('the first entry of a log is written with its index, which is 0', async () => {
		const fresh = await startSigstore();
		for (const witnessing of ['v1', 'v2'] as const) {
			const bundle = await (await openKeyless(fresh, witnessing)).attest(toTestStatement());
			const [entry] = toJson(bundle).verificationMaterial.tlogEntries;
			expect(entry).toMatchObject({ logIndex: '0', inclusionProof: { logIndex: '0', hashes: [] } });
			verifyWithLibrary(fresh, bundle);
		}
		await fresh.stop();
	});

	test('logs of version 2 get the hash of what the envelope signs', async () => {
		const bundle = await (await openKeyless(sigstore, 'v2')).attest(toTestStatement());
		const [entry] = toJson(bundle).verificationMaterial.tlogEntries;
		expect(entry.kindVersion).toEqual({ kind: 'hashedrekord', version: '0.0.2' });
	});

	test('many statements share one certificate, in order', async () => {
		const before = sigstore.log.filter(({ service }) => service === 'ca').length;
		const signer = await openKeyless(sigstore);
		const numbers: unknown[] = [];
		const certificates = new Set<string>();
		for await (const bundle of signer.attestAll(
			Array.from({ length: 12 }, (_, index) => toTestStatement(index)),
		)) {
			const { dsseEnvelope, verificationMaterial } = toJson(bundle);
			numbers.push(JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()).predicate.number);
			certificates.add(verificationMaterial.certificate.rawBytes);
			verifyWithLibrary(sigstore, bundle);
		}
		expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => index));
		expect(certificates.size).toBe(1);
		expect(sigstore.log.filter(({ service }) => service === 'ca')).toHaveLength(before + 1);
	});

	test('without log and timestamp nothing is signed', async () => {
		await expect(openKeyless(sigstore, 'none')).rejects.toMatchObject({ code: 'SIGN_SERVICES_MISSING' });
	});
});

describe.each(Object.entries(KEYS))('a key of %s', (name, privateKey) => {
	const key = toKeySigner(privateKey);

	test.each(['none', 'tsa', 'v1', 'v1 alone', 'v2'] as const)('%s', async (witnessing) => {
		const signer = await openWithKey(key, witnessing);
		if (name === 'Ed25519' && witnessing === 'v2') {
			await expect(signer.attest(toTestStatement())).rejects.toMatchObject({ code: 'SIGN_KEY_UNSUPPORTED' });
			return;
		}
		const bundle = await signer.attest(toTestStatement());
		verifyWithLibrary(sigstore, bundle, { ...THRESHOLDS[witnessing], publicKey: key.publicKey });
		const { dsseEnvelope, verificationMaterial } = toJson(bundle);
		expect(dsseEnvelope.signatures[0].keyid ?? '').toBe('');
		expect(verificationMaterial.publicKey).toEqual({ hint: key.hint });
		expect(verificationMaterial.certificate).toBeUndefined();
	});
});

describe('what is not signed', () => {
	const key = toKeySigner(KEYS['P-256']);

	test.each([0, 1025])('a statement with %i subjects', async (length) => {
		const subjects = Array.from(
			{ length },
			(_, index) => toTestStatement(index).subject[0] ?? { digest: {} },
		);
		const signer = await openWithKey(key, 'none');
		await expect(signer.attest(toStatement('x', subjects, {}))).rejects.toMatchObject({
			code: 'SIGN_STATEMENT_TOO_LARGE',
		});
	});

	test('a statement of more than 16 MiB', async () => {
		const signer = await openWithKey(key, 'none');
		const statement = { ...toTestStatement(), predicate: { text: 'x'.repeat(17 * 1024 * 1024) } };
		await expect(signer.attest(statement)).rejects.toMatchObject({ code: 'SIGN_STATEMENT_TOO_LARGE' });
	});

	test('by a KMS whose signature is of another key', async () => {
		const other = toKeySigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
		const kms: KeySigner = {
			sign: async (data) => ({ ...(await key.sign(data)), key: (await other.sign(data)).key }),
		};
		const failure = (await openWithKey(kms, 'v1')).attest(toTestStatement());
		await expect(failure).rejects.toBeInstanceOf(SlipwayError);
		await expect(failure).rejects.toMatchObject({ code: 'SIGN_SIGNATURE_WRONG' });
	});

	test('what the trusted root does not verify', async () => {
		const verify = async () => {
			throw new Error('not this one');
		};
		const signer = await openKeyless(sigstore, 'v1', { verify });
		await expect(signer.attest(toTestStatement())).rejects.toMatchObject({
			code: 'SIGN_BUNDLE_REFUSED',
			message: expect.stringContaining('not this one'),
		});
	});
});
