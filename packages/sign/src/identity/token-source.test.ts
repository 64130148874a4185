import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { toContext } from '../sigstore.fixture.ts';
import { parseIdToken } from './id-token.ts';
import { toIdentityToken } from './token-source.ts';

let sigstore: LocalSigstore;
beforeAll(async () => {
	sigstore = await startSigstore();
});
afterAll(() => sigstore.stop());
beforeEach(() => sigstore.faults.clear());

const toJob = () => ({
	ACTIONS_ID_TOKEN_REQUEST_URL: sigstore.tokenRequest.url,
	ACTIONS_ID_TOKEN_REQUEST_TOKEN: sigstore.tokenRequest.token,
});

test("the job's service gives a fresh token for Sigstore each time, and each is told as a secret", async () => {
	const secrets: string[] = [];
	const onSecret = (secret: string) => void secrets.push(secret);
	const identityToken = toIdentityToken({ environment: toJob(), onSecret }, toContext());
	const tokens = [await identityToken(), await identityToken()];
	expect(new Set(tokens).size).toBe(2);
	expect(secrets).toEqual(tokens);
	expect(parseIdToken(tokens[0] ?? '').claims.aud).toBe('sigstore');
});

test('a service that is busy is asked again', async () => {
	sigstore.faults.inject({ service: 'issuer', fault: { kind: 'status', status: 503 }, times: 2 });
	const token = await toIdentityToken({ environment: toJob() }, toContext())();
	expect(parseIdToken(token).claims.iss).toBe(sigstore.issuer);
});

test.each([
	[{ kind: 'status', status: 503 }, 'SIGN_SERVICE_UNREACHABLE'],
	[{ kind: 'reset' }, 'SIGN_SERVICE_UNREACHABLE'],
	[{ kind: 'status', status: 404 }, 'SIGN_TOKEN_REFUSED'],
	[{ kind: 'status', status: 401 }, 'SIGN_TOKEN_REFUSED'],
	[{ kind: 'garbage' }, 'SIGN_TOKEN_REFUSED'],
] as const)(
	'a service that always answers with %j is %s; no stored token is taken instead',
	async (fault, code) => {
		sigstore.faults.inject({ service: 'issuer', fault, times: Number.POSITIVE_INFINITY });
		const environment = { ...toJob(), SIGSTORE_ID_TOKEN: sigstore.token() };
		await expect(toIdentityToken({ environment }, toContext())()).rejects.toMatchObject({ code });
	},
);

test('a right that the job does not have is explained', async () => {
	const environment = { ...toJob(), ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong' };
	await expect(toIdentityToken({ environment }, toContext())()).rejects.toMatchObject({
		code: 'SIGN_TOKEN_REFUSED',
		hint: expect.stringContaining('id-token: write'),
	});
});

test('a file is read anew each time', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'token-'));
	const file = join(folder, 'token');
	const identityToken = toIdentityToken({ place: { file }, environment: toJob() }, toContext());
	await expect(identityToken()).rejects.toMatchObject({ code: 'SIGN_IDENTITY_MISSING' });
	await writeFile(file, 'first\n');
	expect(await identityToken()).toBe('first');
	await writeFile(file, 'second');
	expect(await identityToken()).toBe('second');
	await rm(folder, { recursive: true });
});

test('a named variable goes before the service of the job', async () => {
	const environment = { ...toJob(), MY_TOKEN: ' mine ' };
	expect(await toIdentityToken({ place: { environment: 'MY_TOKEN' }, environment }, toContext())()).toBe(
		'mine',
	);
	const missing = toIdentityToken({ place: { environment: 'OTHER' }, environment }, toContext());
	await expect(missing()).rejects.toMatchObject({
		code: 'SIGN_IDENTITY_MISSING',
		message: expect.stringContaining('OTHER'),
	});
});

test('SIGSTORE_ID_TOKEN where there is no service; else nothing', async () => {
	const environment = { SIGSTORE_ID_TOKEN: 'a.b.c' };
	expect(await toIdentityToken({ environment }, toContext())()).toBe('a.b.c');
	expect(() => toIdentityToken({ environment: {} }, toContext())).toThrow(
		expect.objectContaining({
			code: 'SIGN_IDENTITY_MISSING',
			hint: expect.stringContaining('id-token: write'),
		}),
	);
});
