import { generateKeyPairSync } from 'node:crypto';
import {
	type Lie,
	type LocalSigstore,
	type ServiceName,
	type SigstoreFault,
	startSigstore,
} from '@slipway/rehearsal/sigstore';
import { testAtLength } from '@slipway/testing';
import { toKeySigner } from './key/key-signer.ts';
import {
	openKeyless,
	toContext,
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

type Signing = 'ca' | 'rekor' | 'rekor-v2' | 'tsa';
const SERVICES = ['ca', 'rekor', 'rekor-v2', 'tsa'] as const;

const toWitnessing = (service: Signing): Witnessing => (service === 'rekor-v2' ? 'v2' : 'v1');

const attempt = async (service: Signing, context = toContext()) => {
	const signer = await openKeyless(sigstore, toWitnessing(service), { context });
	return signer.attest(toTestStatement());
};

const countCalls = (service: ServiceName, since: number): number =>
	sigstore.log.slice(since).filter((entry) => entry.service === service).length;

const DOWN: readonly SigstoreFault[] = [
	{ kind: 'reset' },
	{ kind: 'truncate' },
	{ kind: 'status', status: 503 },
	{ kind: 'status', status: 500 },
	{ kind: 'status', status: 408 },
	{ kind: 'status', status: 429, headers: { 'retry-after': '1' } },
];

describe.each(SERVICES)('%s', (service) => {
	test.each(DOWN.map((fault) => [JSON.stringify(fault), fault] as const))(
		'once %s: asked again',
		async (_, fault) => {
			sigstore.faults.inject({ service, fault });
			verifyWithLibrary(sigstore, await attempt(service));
		},
	);

	test.each(DOWN.map((fault) => [JSON.stringify(fault), fault] as const))(
		'always %s: an end after four attempts',
		async (_, fault) => {
			sigstore.faults.inject({ service, fault, times: Number.POSITIVE_INFINITY });
			const since = sigstore.log.length;
			await expect(attempt(service)).rejects.toMatchObject({
				code: 'SIGN_SERVICE_UNREACHABLE',
				message: expect.stringContaining('4 attempts'),
				hint: expect.stringContaining('run the same command again'),
			});
			expect(countCalls(service, since)).toBe(4);
		},
	);

	test.each([400, 401, 403, 404, 405, 418, 302, 307])('status %i: refused at once', async (status) => {
		sigstore.faults.inject({
			service,
			fault: { kind: 'status', status, headers: { location: 'http://127.0.0.1:9/' } },
		});
		const since = sigstore.log.length;
		await expect(attempt(service)).rejects.toMatchObject({
			code: expect.stringMatching(/^SIGN_(CERTIFICATE|LOG|TIMESTAMP)_REFUSED$/),
			message: expect.stringContaining(`status ${status}`),
		});
		expect(countCalls(service, since)).toBe(1);
	});

	test.each(['garbage', 'deep'] as const)('%s: refused at once', async (kind) => {
		sigstore.faults.inject({ service, fault: { kind } });
		await expect(attempt(service)).rejects.toMatchObject({
			code: expect.stringMatching(/^SIGN_(CERTIFICATE|LOG|TIMESTAMP)_WRONG$/),
		});
	});

	testAtLength('a reply of 32 MiB: cut off', async () => {
		sigstore.faults.inject({ service, fault: { kind: 'huge' }, times: Number.POSITIVE_INFINITY });
		await expect(attempt(service)).rejects.toMatchObject({
			code: 'SIGN_SERVICE_UNREACHABLE',
			message: expect.stringContaining('larger than 4194304 bytes'),
		});
	});

	test('cancelled while it hangs: an end at once', async () => {
		sigstore.faults.inject({ service, fault: { kind: 'hang' }, times: Number.POSITIVE_INFINITY });
		const context = toContext();
		const start = Date.now();
		setTimeout(() => context.abort(new Error('stop now')), 200);
		await expect(attempt(service, context)).rejects.toThrow('stop now');
		// The service itself would be waited for 20 s.
		expect(Date.now() - start).toBeLessThan(15_000);
	});
});

test('a Retry-After is followed, within a bound', async () => {
	// One of its own: a request that was cancelled before may still arrive at the other, and take a fault away.
	const shared = sigstore;
	sigstore = await startSigstore();
	const context = toContext();
	for (const after of ['3', '99999'])
		sigstore.faults.inject({
			service: 'ca',
			fault: { kind: 'status', status: 429, headers: { 'retry-after': after } },
		});
	await attempt('ca', context);
	await sigstore.stop();
	sigstore = shared;
	expect(context.waits.slice(0, 2)).toEqual([3000, 20_000]);
});

test('nobody listens: an end after four attempts', async () => {
	const gone = await startSigstore();
	await gone.stop();
	const signer = await openKeyless(gone, 'v1', { identityToken: async () => sigstore.token() });
	await expect(signer.attest(toTestStatement())).rejects.toMatchObject({ code: 'SIGN_SERVICE_UNREACHABLE' });
});

describe('a service that lies is refused while signing', () => {
	const lies: readonly [Signing, Lie, string][] = [
		['ca', 'other-identity', 'SIGN_CERTIFICATE_WRONG'],
		['ca', 'other-key', 'SIGN_CERTIFICATE_WRONG'],
		['ca', 'expired', 'SIGN_CERTIFICATE_WRONG'],
		...(['rekor', 'rekor-v2'] as const).flatMap((log): [Signing, Lie, string][] => [
			[log, 'other-entry', 'SIGN_LOG_WRONG'],
			[log, 'wrong-proof', 'SIGN_LOG_WRONG'],
			[log, 'no-proof', 'SIGN_LOG_WRONG'],
		]),
		['rekor', 'late', 'SIGN_CERTIFICATE_EXPIRED'],
		['tsa', 'other-bytes', 'SIGN_TIMESTAMP_WRONG'],
		['tsa', 'late', 'SIGN_TIMESTAMP_WRONG'],
		['tsa', 'rejected', 'SIGN_TIMESTAMP_WRONG'],
	];

	test.each(lies)('%s: %s', async (service, lie, code) => {
		sigstore.faults.inject({ service, fault: { kind: 'lie', lie }, times: Number.POSITIVE_INFINITY });
		await expect(attempt(service)).rejects.toMatchObject({ code });
	});

	const unseen: readonly [Signing, Lie][] = [
		['ca', 'other-authority'],
		['ca', 'other-log'],
		['ca', 'no-log'],
		['rekor', 'other-log'],
		['rekor', 'wrong-promise'],
		['rekor', 'wrong-checkpoint'],
		['rekor-v2', 'wrong-checkpoint'],
		['tsa', 'other-authority'],
	];

	test.each(unseen)('%s: %s, by whoever knows the trusted root', async (service, lie) => {
		sigstore.faults.inject({ service, fault: { kind: 'lie', lie }, times: Number.POSITIVE_INFINITY });
		// The library counts the promise of a log of version 1 as a time too.
		const timestamps = service === 'rekor-v2' ? 1 : 2;
		const verify = (bundle: Uint8Array) => verifyWithLibrary(sigstore, bundle, { logs: 1, timestamps });
		const signer = await openKeyless(sigstore, toWitnessing(service), { verify });
		await expect(signer.attest(toTestStatement())).rejects.toMatchObject({
			code: expect.stringMatching(/^SIGN_(BUNDLE_REFUSED|LOG_WRONG)$/),
		});
	});
});

describe('a timestamp whose fraction lost its zeros', () => {
	const fault = { kind: 'lie', lie: 'dropped-zeros' } as const;

	// A true time may end in zeros too, one in ten of them: then it is asked once more.
	test.each([1, 3, 6])('%i times: asked again, and the bundle verifies', async (times) => {
		sigstore.faults.inject({ service: 'tsa', fault, times });
		const since = sigstore.log.length;
		verifyWithLibrary(sigstore, await attempt('tsa'));
		expect(countCalls('tsa', since)).toBeGreaterThan(times);
		expect(countCalls('tsa', since)).toBeLessThanOrEqual(12);
	});

	test('always: an end within a bound', async () => {
		sigstore.faults.inject({ service: 'tsa', fault, times: Number.POSITIVE_INFINITY });
		const since = sigstore.log.length;
		await expect(attempt('tsa')).rejects.toMatchObject({ code: 'SIGN_TIMESTAMP_UNREADABLE' });
		expect(countCalls('tsa', since)).toBe(12);
	});
});

test('a log that has the entry already, since its first reply was lost, gives it', async () => {
	// RSA signatures are the same each time, so that the second attempt is the very same entry.
	const key = toKeySigner(generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey);
	const signer = await openSigner({ services: toServices(sigstore, 'v1'), key, context: toContext() });
	await signer.attest(toTestStatement(7));
	const again = await signer.attest(toTestStatement(7));
	verifyWithLibrary(sigstore, again, { logs: 1, timestamps: 1, publicKey: key.publicKey });
});

test('one failure among many ends the batch with that failure', async () => {
	sigstore.faults.inject({ service: 'rekor', fault: { kind: 'status', status: 400 }, after: 3 });
	const signer = await openKeyless(sigstore);
	let count = 0;
	const signAll = async () => {
		const statements = Array.from({ length: 20 }, (_, index) => toTestStatement(index));
		for await (const bundle of signer.attestAll(statements)) count += bundle.length > 0 ? 1 : 0;
	};
	await expect(signAll()).rejects.toMatchObject({ code: 'SIGN_LOG_REFUSED' });
	expect(count).toBeLessThan(20);
});
