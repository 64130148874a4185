import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { testContext, VirtualClock } from '@slipway/testing';
import { toJson, toServices, toTestStatement, verifyWithLibrary } from '../sigstore.fixture.ts';
import { openSigner, type StatementSigner } from '../statement-signer.ts';

let clock: VirtualClock;
let sigstore: LocalSigstore;
let tokens: string[];
beforeEach(async () => {
	// It stands still: a time that ended in a zero would end so in every try (authorities leave such zeros out).
	clock = new VirtualClock(Math.floor(Date.now() / 1000) * 1000 + 123);
	sigstore = await startSigstore({ now: () => clock.now() });
	tokens = [];
});
afterEach(() => sigstore.stop());

const open = (identityToken = async () => sigstore.token()): Promise<StatementSigner> =>
	openSigner({
		services: toServices(sigstore, 'v1'),
		context: testContext('', clock),
		identityToken: async () => {
			const token = await identityToken();
			tokens.push(token);
			return token;
		},
	});

const toCertificate = (bundle: Uint8Array): string =>
	toJson(bundle).verificationMaterial.certificate.rawBytes;

test('near the end of a certificate there is a new token, a new key and a new certificate', async () => {
	const signer = await open();
	const first = await signer.attest(toTestStatement());
	clock.advance(7 * 60_000);
	const second = await signer.attest(toTestStatement(1));
	expect(toCertificate(second)).toBe(toCertificate(first));
	clock.advance(90_000); // 8.5 of 10 minutes: a slow log would be too late
	const third = await signer.attest(toTestStatement(2));
	expect(toCertificate(third)).not.toBe(toCertificate(first));
	expect(new Set(tokens).size).toBe(2);
	for (const bundle of [first, second, third]) verifyWithLibrary(sigstore, bundle);
});

test('those who need the first certificate at the same time get the same one', async () => {
	const signer = await open();
	const bundles = await Promise.all([0, 1, 2, 3].map((number) => signer.attest(toTestStatement(number))));
	expect(new Set(bundles.map(toCertificate)).size).toBe(1);
	expect(tokens).toHaveLength(1);
});

test('a failed exchange is not kept: the next attempt asks anew', async () => {
	const signer = await open();
	sigstore.faults.inject({ service: 'ca', fault: { kind: 'status', status: 400 } });
	await expect(signer.attest(toTestStatement())).rejects.toMatchObject({ code: 'SIGN_CERTIFICATE_REFUSED' });
	verifyWithLibrary(sigstore, await signer.attest(toTestStatement()));
	expect(tokens).toHaveLength(2);
});

test('a token that expired in the middle of the run: a clear end, no other token is tried', async () => {
	const stored = sigstore.token();
	const signer = await open(async () => stored);
	await signer.attest(toTestStatement());
	clock.advance(9 * 60_000);
	await expect(signer.attest(toTestStatement(1))).rejects.toMatchObject({
		code: 'SIGN_TOKEN_EXPIRED',
		message: expect.stringContaining('ended at'),
		hint: expect.stringContaining('new token'),
	});
});

test('a token for another audience is not sent anywhere', async () => {
	const signer = await open(async () => sigstore.token({ aud: 'npm:registry.example' }));
	await expect(signer.attest(toTestStatement())).rejects.toMatchObject({
		code: 'SIGN_TOKEN_WRONG_AUDIENCE',
		message: expect.stringContaining('npm:registry.example'),
	});
	expect(sigstore.log).toEqual([]);
});

test('the exchange answers 404: the address is named, nothing else is tried', async () => {
	const signer = await open();
	sigstore.faults.inject({ service: 'ca', fault: { kind: 'status', status: 404 } });
	const failure = signer.attest(toTestStatement());
	await expect(failure).rejects.toMatchObject({
		code: 'SIGN_CERTIFICATE_REFUSED',
		message: expect.stringContaining(sigstore.url),
		hint: expect.stringContaining('signing config'),
	});
	expect(sigstore.log).toHaveLength(1);
});

test('a token of an issuer that the authority does not know: its refusal is passed on, the token is not', async () => {
	const other = await startSigstore({ now: () => clock.now() });
	const token = other.token();
	await other.stop();
	const signer = await open(async () => token);
	const failure = await signer.attest(toTestStatement()).catch((error: Error) => error);
	expect(failure).toMatchObject({
		code: 'SIGN_CERTIFICATE_REFUSED',
		message: expect.stringContaining('failed to verify'),
	});
	expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain(token.slice(-40));
});

test.each([
	['a minute', 55_000, true],
	['six minutes', -6 * 60_000, false],
	['an hour', 3_600_000, false],
])('a clock that is off by %s', async (_, off, isFine) => {
	const services = toServices(sigstore, 'v1');
	const shifted = new VirtualClock(clock.now() + off);
	const signer = await openSigner({
		services,
		context: testContext('', shifted),
		identityToken: async () => sigstore.token({ exp: Math.floor(clock.now() / 1000) + 7200 }),
	});
	const attempt = signer.attest(toTestStatement());
	if (isFine) verifyWithLibrary(sigstore, await attempt);
	else await expect(attempt).rejects.toMatchObject({ code: 'SIGN_CERTIFICATE_WRONG' });
});
