import { type LocalSigstore, startSigstore } from '../start-sigstore.ts';
import type { SigstoreFault } from './fault.ts';

let sigstore: LocalSigstore;
beforeEach(async () => {
	sigstore = await startSigstore();
});
afterEach(() => sigstore.stop());

/** Asks the issuer for its keys. */
const ask = async (timeoutMs = 60_000) => {
	const reply = await fetch(`${sigstore.url}/jwks`, { signal: AbortSignal.timeout(timeoutMs) });
	return { status: reply.status, text: await reply.text(), headers: reply.headers };
};

const inject = (fault: SigstoreFault, times?: number) =>
	sigstore.faults.inject({ service: 'issuer', fault, ...(times === undefined ? {} : { times }) });

test.each<SigstoreFault>([{ kind: 'reset' }, { kind: 'truncate' }])(
	'$kind: no whole answer',
	async (fault) => {
		inject(fault);
		await expect(ask()).rejects.toThrow();
		expect((await ask()).status).toBe(200);
	},
);

test('hang: no answer comes', async () => {
	inject({ kind: 'hang' });
	await expect(ask(100)).rejects.toThrow(/timeout/);
	expect((await ask()).status).toBe(200);
});

test('slow: the answer comes later', async () => {
	inject({ kind: 'slow', ms: 150 });
	const begin = performance.now();
	expect((await ask()).status).toBe(200);
	expect(performance.now() - begin).toBeGreaterThanOrEqual(145);
});

test.each([500, 503, 429])('status %i, with headers', async (status) => {
	inject({ kind: 'status', status, headers: { 'retry-after': '1' } });
	const { headers, ...reply } = await ask();
	expect(reply.status).toBe(status);
	expect(headers.get('retry-after')).toBe('1');
	expect((await ask()).status).toBe(200);
});

test('garbage, huge and deep bodies come with a good status', async () => {
	inject({ kind: 'garbage' });
	inject({ kind: 'huge' });
	inject({ kind: 'deep' });
	inject({ kind: 'reply', body: '{}', status: 200 });
	expect(() => JSON.parse('\u0000')).toThrow();
	const [garbage, huge, deep, reply] = [await ask(), await ask(), await ask(), await ask()];
	expect(garbage.status).toBe(201);
	expect(() => JSON.parse(garbage.text)).toThrow();
	expect(huge.text.length).toBeGreaterThan(32 * 1024 * 1024);
	expect(deep.text.startsWith('[[[[')).toBe(true);
	expect(reply).toMatchObject({ status: 200, text: '{}' });
});

test('rules strike as often as they say, after as many as they let pass', async () => {
	sigstore.faults.inject({ service: 'issuer', fault: { kind: 'status', status: 503 }, times: 2, after: 1 });
	const statuses = [await ask(), await ask(), await ask(), await ask()].map(({ status }) => status);
	expect(statuses).toEqual([200, 503, 503, 200]);
});

test('another service is not struck', async () => {
	sigstore.faults.inject({ service: 'tsa', fault: { kind: 'reset' }, times: Number.POSITIVE_INFINITY });
	expect((await ask()).status).toBe(200);
});

test('clear ends them all', async () => {
	inject({ kind: 'reset' }, Number.POSITIVE_INFINITY);
	sigstore.faults.clear();
	expect((await ask()).status).toBe(200);
});

test('refuse: nobody listens any more, until accept', async () => {
	await sigstore.faults.refuse();
	await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
	await sigstore.faults.accept();
	expect((await ask()).status).toBe(200);
});

test('the log names service, status and fault of every request', async () => {
	inject({ kind: 'reset' });
	await ask().catch(() => undefined);
	await ask();
	expect(sigstore.log).toEqual([
		{ service: 'issuer', method: 'GET', path: '/jwks', status: 0, fault: 'reset' },
		{ service: 'issuer', method: 'GET', path: '/jwks', status: 200, fault: undefined },
	]);
});
