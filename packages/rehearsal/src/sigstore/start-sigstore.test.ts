import { bundleToJSON } from '@sigstore/bundle';
import { SigningConfig } from '@sigstore/protobuf-specs';
import { bundleBuilderFromSigningConfig } from '@sigstore/sign';
import { signWith, verifyWith, type WitnessName } from './sign-and-verify.fixture.ts';
import { type LocalSigstore, startSigstore } from './start-sigstore.ts';

/** A quarter of a second after a full one: the fraction of a timestamp has all its digits. */
const NOW = Date.parse('2026-03-01T12:00:00.256Z');

let sigstore: LocalSigstore;
beforeAll(async () => {
	sigstore = await startSigstore({ now: () => NOW });
});
afterAll(() => sigstore.stop());

const IDENTITY = 'https://github.com/example/greet/.github/workflows/release.yml@refs/tags/v1.0.0';

test.each<{ witnesses: WitnessName[]; timestamps: number }>([
	{ witnesses: ['rekor'], timestamps: 1 },
	{ witnesses: ['rekor', 'tsa'], timestamps: 2 },
	{ witnesses: ['intoto', 'tsa'], timestamps: 2 },
	{ witnesses: ['rekor-v2', 'tsa'], timestamps: 1 },
	{ witnesses: ['rekor', 'rekor-v2', 'tsa'], timestamps: 2 },
])('an envelope witnessed by $witnesses verifies', async ({ witnesses, timestamps }) => {
	const bundle = await signWith(sigstore, { witnesses, payload: JSON.stringify({ witnesses }) });
	const logs = witnesses.filter((name) => name !== 'tsa').length;
	const { identity } = verifyWith(sigstore, bundle, { logs, timestamps });
	expect(identity?.subjectAlternativeName).toBe(IDENTITY);
	expect(identity?.extensions?.issuer).toBe(sigstore.url);
});

test('a signed file is logged as hashedrekord and verifies', async () => {
	const bundle = await signWith(sigstore, {
		witnesses: ['rekor', 'tsa'],
		payload: 'a file',
		form: 'message',
	});
	expect(bundle.verificationMaterial.tlogEntries[0]?.kindVersion?.kind).toBe('hashedrekord');
	expect(() => verifyWith(sigstore, bundle, { timestamps: 2, artifact: 'a file' })).not.toThrow();
	expect(() => verifyWith(sigstore, bundle, { timestamps: 2, artifact: 'another' })).toThrow();
});

test('the signing configuration says where all services are', async () => {
	const builder = bundleBuilderFromSigningConfig({
		signingConfig: SigningConfig.fromJSON(sigstore.signingConfig),
		identityProvider: { getToken: async () => sigstore.token() },
		bundleType: 'dsseEnvelope',
	});
	const bundle = await builder.create({ data: Buffer.from('configured'), type: 'text/plain' });
	expect(() => verifyWith(sigstore, bundleToJSON(bundle), { timestamps: 2 })).not.toThrow();
	expect(SigningConfig.fromJSON(sigstore.signingConfigV2).rekorTlogUrls[0]?.majorApiVersion).toBe(2);
});

test('the number of an entry may count those of earlier trees', async () => {
	const grown = await startSigstore({ now: () => NOW, logBefore: 1_000_000 });
	try {
		await signWith(grown, { witnesses: ['rekor'] });
		const bundle = await signWith(grown, { witnesses: ['rekor'], payload: 'the second' });
		const [entry] = bundle.verificationMaterial.tlogEntries;
		expect([entry?.logIndex, entry?.inclusionProof?.logIndex]).toEqual(['1000001', '1']);
		expect(() => verifyWith(grown, bundle)).not.toThrow();
	} finally {
		await grown.stop();
	}
});

test('inclusion proofs hold however large the log is', async () => {
	for (let count = 0; count < 9; count += 1) {
		const bundle = await signWith(sigstore, { witnesses: ['rekor'], payload: `entry ${count}` });
		expect(() => verifyWith(sigstore, bundle)).not.toThrow();
	}
});

test('Rekor v1 keeps hashes, signatures and verifiers of an envelope, in canonical JSON', async () => {
	const bundle = await signWith(sigstore, { witnesses: ['rekor'], payload: 'stored' });
	const body = Buffer.from(bundle.verificationMaterial.tlogEntries[0]?.canonicalizedBody ?? '', 'base64');
	expect(body.toString()).toMatch(
		/^{"apiVersion":"0\.0\.1","kind":"dsse","spec":{"envelopeHash":{"algorithm":"sha256","value":"[0-9a-f]{64}"},"payloadHash":{"algorithm":"sha256","value":"[0-9a-f]{64}"},"signatures":\[{"signature":"[^"]+","verifier":"[^"]+"}\]}}$/,
	);
});

test('Rekor v2 gives no promise and no time', async () => {
	const bundle = await signWith(sigstore, { witnesses: ['rekor-v2', 'tsa'], payload: 'tiles' });
	const [entry] = bundle.verificationMaterial.tlogEntries;
	expect(entry?.inclusionPromise).toBeUndefined();
	expect(entry?.integratedTime ?? '0').toBe('0');
	expect(entry?.inclusionProof?.checkpoint.envelope).toMatch(
		/^127\.0\.0\.1\n\d+\n.+\n\n— 127\.0\.0\.1 .+\n$/,
	);
});

const post = (path: string, body: object, to = sigstore) =>
	fetch(`${to.url}${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

test('Rekor v2 refuses an envelope as the real one does', async () => {
	const reply = await post('/api/v2/log/entries', { dsseRequestV002: { envelope: {}, verifiers: [] } });
	expect(reply.status).toBe(400);
	expect(await reply.json()).toMatchObject({ code: 3, message: 'invalid type, must be hashedrekord' });
});

test('the same entry again is a conflict that says where the first one is', async () => {
	const bundle = await signWith(sigstore, { witnesses: ['rekor'], payload: 'twice' });
	const { dsseEnvelope, verificationMaterial } = bundle;
	const der = verificationMaterial.certificate?.rawBytes ?? '';
	const pem = `-----BEGIN CERTIFICATE-----\n${der.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
	const envelope = JSON.stringify(dsseEnvelope);
	const entry = {
		apiVersion: '0.0.1',
		kind: 'dsse',
		spec: { proposedContent: { envelope, verifiers: [Buffer.from(pem).toString('base64')] } },
	};
	const reply = await post('/api/v1/log/entries', entry);
	expect(reply.status).toBe(409);
	const location = reply.headers.get('location') ?? '';
	const found: Record<string, { body: string }> = JSON.parse(
		await (await fetch(sigstore.url + location)).text(),
	);
	expect(Object.values(found)[0]?.body).toBe(verificationMaterial.tlogEntries[0]?.canonicalizedBody);
});

test.each([
	['a signature of other bytes', { payload: 'Zm9yZ2Vk' }],
	['no signature', { signatures: [] }],
])('Rekor v1 refuses an envelope with %s', async (_, change) => {
	const bundle = await signWith(sigstore, { witnesses: ['rekor'], payload: 'true' });
	const der = bundle.verificationMaterial.certificate?.rawBytes ?? '';
	const pem = `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`;
	const envelope = JSON.stringify({ ...bundle.dsseEnvelope, ...change });
	const verifiers = [Buffer.from(pem).toString('base64')];
	const reply = await post('/api/v1/log/entries', {
		apiVersion: '0.0.1',
		kind: 'dsse',
		spec: { proposedContent: { envelope, verifiers } },
	});
	expect(reply.status).toBe(400);
});

test('it starts in less than a tenth of a second of a processor', async () => {
	const times: number[] = [];
	for (let count = 0; count < 5; count += 1) {
		const begin = process.threadCpuUsage();
		const another = await startSigstore();
		const { user, system } = process.threadCpuUsage(begin);
		times.push((user + system) / 1000);
		await another.stop();
	}
	expect(Math.min(...times)).toBeLessThan(100);
});

test('two instances do not trust each other', async () => {
	const another = await startSigstore({ now: () => NOW });
	const bundle = await signWith(another, { witnesses: ['rekor'] });
	await another.stop();
	expect(() => verifyWith(sigstore, bundle)).toThrow();
});

test('a runner gets its tokens over the request address', async () => {
	const { url, token } = sigstore.tokenRequest;
	const ask = (authorization: string) => fetch(`${url}&audience=sigstore`, { headers: { authorization } });
	const reply: { value: string } = JSON.parse(await (await ask(`bearer ${token}`)).text());
	const claims = JSON.parse(Buffer.from(reply.value.split('.')[1] ?? '', 'base64url').toString());
	expect(claims).toMatchObject({ aud: 'sigstore', iss: sigstore.issuer, repository: 'example/greet' });
	expect((await ask('bearer no')).status).toBe(401);
});
