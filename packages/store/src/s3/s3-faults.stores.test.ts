import type { IncomingMessage, ServerResponse } from 'node:http';
import {
	type LostReply,
	type S3Proxy,
	type S3ProxyOptions,
	type S3ServerKind,
	serveS3Proxy,
} from '@slipway/testing';
import type { Change } from '../store.ts';
import { toOptions, withS3Server } from './s3-store.fixture.ts';
import { s3Store } from './s3-store.ts';

const MIB = 1024 * 1024;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (file: { readonly bytes: Uint8Array } | null) => file && new TextDecoder().decode(file.bytes);

const isWrite = ({ method }: IncomingMessage): boolean => method !== 'GET' && method !== 'HEAD';

const toError = (response: ServerResponse, status: number, code: string, headers = {}): true => {
	response.writeHead(status, { 'content-type': 'application/xml', ...headers });
	response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>test</Message></Error>`);
	return true;
};

/** True for the first so many. */
const first = (count: number): (() => boolean) => {
	let left = count;
	return () => {
		left -= 1;
		return left >= 0;
	};
};

describe.each(['versitygw', 'minio'] satisfies S3ServerKind[])('%s', (kind) => {
	const server = withS3Server(kind);
	let count = 0;
	let proxy: S3Proxy | undefined;
	const sleeps: number[] = [];

	afterEach(async () => {
		await proxy?.close();
		proxy = undefined;
		sleeps.length = 0;
	});

	/** A store behind a proxy, and the same one past it. */
	const open = async (options: S3ProxyOptions) => {
		count += 1;
		const folder = `faults/${count}`;
		proxy = await serveS3Proxy(server(), options);
		const sleep = async (ms: number) => void sleeps.push(ms);
		const direct = toOptions(server(), folder);
		const store = s3Store({ ...direct, endpoint: proxy.endpoint, partBytes: 5 * MIB, patience: { sleep } });
		return { store, direct: s3Store(direct), exchanges: proxy.exchanges, folder };
	};

	const changes: readonly [string, (version: string) => Change, string | null][] = [
		['create', () => ({ kind: 'create', path: 'new', bytes: bytes('2') }), '2'],
		['replace of nothing', () => ({ kind: 'replace', path: 'new', bytes: bytes('2'), version: null }), '2'],
		['replace', (version) => ({ kind: 'replace', path: 'old', bytes: bytes('2'), version }), '2'],
		['put', () => ({ kind: 'put', path: 'old', bytes: bytes('2') }), '2'],
		['remove', () => ({ kind: 'remove', path: 'old' }), null],
		[
			'create in parts',
			() => ({ kind: 'create', path: 'new', bytes: Buffer.alloc(6 * MIB, '2') }),
			'2'.repeat(6 * MIB),
		],
	];
	const replies: readonly LostReply[] = ['reset', 'truncated', 500, 503];
	const all = changes.flatMap(([name, toChange, after]) =>
		replies.map((reply) => ({ name, reply, toChange, after })),
	);

	test.each(all)(
		'$name whose reply is lost ($reply) is found to be done, once',
		async ({ reply, toChange, after }) => {
			const isLost = first(1);
			const isFinal = ({ url = '', method }: IncomingMessage) =>
				method !== 'PUT' || !url.includes('partNumber');
			const { store, direct, exchanges } = await open({
				loseReply: (request) =>
					isWrite(request) && isFinal(request) && !/\?uploads/.test(request.url ?? '') && isLost()
						? reply
						: undefined,
			});
			await direct.write([{ kind: 'create', path: 'old', bytes: bytes('1') }]);
			const change = toChange((await direct.read('old'))?.version ?? '');
			expect(await store.write([change])).toEqual({ outcome: 'written' });
			expect(text(await direct.read(change.path))).toBe(after);
			const writes = exchanges.filter(
				({ method, url, status }) => /PUT|POST|DELETE/.test(method) && !url.includes('?') && status < 300,
			);
			expect(writes.length).toBeLessThanOrEqual(1);
		},
	);

	test.each(all.filter(({ reply }) => reply !== 'truncated'))(
		'$name that fails before it is done ($reply) is tried again, and done once',
		async ({ reply, toChange, after }) => {
			const fails = first(3);
			const { store, direct } = await open({
				intercept: (request, response) => {
					if (!isWrite(request) || !fails()) return false;
					if (typeof reply === 'number') return toError(response, reply, 'InternalError');
					response.destroy();
					return true;
				},
			});
			await direct.write([{ kind: 'create', path: 'old', bytes: bytes('1') }]);
			const change = toChange((await direct.read('old'))?.version ?? '');
			expect(await store.write([change])).toEqual({ outcome: 'written' });
			expect(text(await direct.read(change.path))).toBe(after);
			expect(sleeps.length).toBeGreaterThanOrEqual(2);
		},
	);

	test('a server that fails for ever is asked five times, with growing pauses, and the doubt is said', async () => {
		let asked = 0;
		const { store } = await open({
			intercept: (request, response) => {
				if (!isWrite(request)) return false;
				asked += 1;
				return toError(response, 500, 'InternalError');
			},
		});
		await expect(store.write([{ kind: 'create', path: 'a', bytes: bytes('1') }])).rejects.toMatchObject({
			code: 'STORE_UNREACHABLE',
			message: expect.stringContaining('whether the write arrived is unknown'),
		});
		expect(asked).toBe(5);
		expect(sleeps).toHaveLength(4);
		expect(sleeps[3]).toBeGreaterThan((sleeps[0] ?? 0) * 10);
	});

	test('SlowDown and 409 are waited for as long as is asked, and nothing is read in between', async () => {
		const isEarly = first(2);
		const { store, exchanges } = await open({
			intercept: (request, response) => {
				if (!isWrite(request) || !isEarly()) return false;
				return sleeps.length === 0
					? toError(response, 503, 'SlowDown', { 'retry-after': '7' })
					: toError(response, 409, 'ConditionalRequestConflict');
			},
		});
		expect(await store.write([{ kind: 'create', path: 'a', bytes: bytes('1') }])).toEqual({
			outcome: 'written',
		});
		expect(sleeps[0]).toBeGreaterThanOrEqual(7000);
		expect(exchanges.map(({ method }) => method)).toEqual(['PUT']);
	});

	test('a lost reply after which another has replaced the file is no success and no conflict', async () => {
		const { store, direct } = await open({
			loseReply: (request) => (isWrite(request) ? 'reset' : undefined),
		});
		await direct.write([{ kind: 'create', path: 'a', bytes: bytes('1') }]);
		const version = (await direct.read('a'))?.version ?? '';
		const guard = async () => {};
		await direct.write([{ kind: 'put', path: 'a', bytes: bytes('other') }]);
		// Another came first, and the server's no is lost.
		await expect(
			store.write([{ kind: 'replace', path: 'a', bytes: bytes('2'), version }], guard),
		).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
		expect(text(await direct.read('a'))).toBe('other');
	});

	test('an upload in parts that cannot be put together leaves nothing behind', async () => {
		const { store, direct } = await open({});
		await direct.write([{ kind: 'create', path: 'a', bytes: bytes('1') }]);
		const large = Buffer.alloc(6 * MIB, 'x');
		expect(await store.write([{ kind: 'create', path: 'a', bytes: large }])).toEqual({
			outcome: 'conflict',
			path: 'a',
		});
		expect(await store.write([{ kind: 'replace', path: 'a', bytes: large, version: '"0"' }])).toEqual({
			outcome: 'conflict',
			path: 'a',
		});
		const reply = await fetch(`${proxy?.endpoint}/${server().bucket}?uploads`);
		const body = await reply.text();
		expect(body).toContain('ListMultipartUploadsResult');
		expect(body).not.toContain('<UploadId>');
		expect(text(await direct.read('a'))).toBe('1');
	});

	test('a guard that throws in the middle of an upload in parts leaves nothing behind', async () => {
		const { store, direct } = await open({});
		let calls = 0;
		const guard = async () => {
			calls += 1;
			if (calls === 3) throw new Error('fenced off');
		};
		const write = store.write([{ kind: 'create', path: 'a', bytes: Buffer.alloc(6 * MIB) }], guard);
		await expect(write).rejects.toThrow('fenced off');
		expect(await direct.list('')).toEqual([]);
		const reply = await fetch(`${proxy?.endpoint}/${server().bucket}?uploads`);
		expect(await reply.text()).not.toContain('<UploadId>');
	});

	test('conditions are honoured, and nothing is left of the look', async () => {
		const { store, exchanges } = await open({});
		await store.verifyConditions();
		expect(exchanges.map(({ method, status }) => `${method} ${status}`)).toEqual([
			'PUT 200',
			'PUT 412',
			'GET 200',
			'PUT 412',
			'PUT 200',
			'DELETE 204',
		]);
		expect(await store.list('')).toEqual([]);
	});

	test.each([['if-none-match'], ['if-match']])(
		'a server that is not told %s is refused by name',
		async (header) => {
			const { store } = await open({ strip: [header] });
			await expect(store.verifyConditions()).rejects.toMatchObject({
				code: 'STORE_CONDITIONS_IGNORED',
				message: expect.stringMatching(kind === 'minio' ? /MinIO at http:/ : /VERSITYGW at http:/i),
			});
			expect(await store.list('')).toEqual([]);
		},
	);

	test.each([1, 2, 3, 4])('conditions are verified though the reply to write %i is lost', async (number) => {
		let writes = 0;
		const { store } = await open({
			loseReply: (request) => {
				if (!isWrite(request)) return undefined;
				writes += 1;
				return writes === number ? 'reset' : undefined;
			},
		});
		await store.verifyConditions();
	});

	test('a list goes on where a page ends', async () => {
		const { direct } = await open({});
		const paths = Array.from({ length: 1005 }, (_, index) => `a/${String(index).padStart(4, '0')}+ ä&`);
		await direct.write(paths.map((path) => ({ kind: 'put', path, bytes: bytes('1') })));
		expect(await direct.list('a')).toEqual(paths);
	});

	test('files are served with their type and how long they may be kept', async () => {
		const { folder, direct } = await open({});
		const toHeaders = (path: string) =>
			path === 'head'
				? { contentType: 'text/plain' }
				: { cacheControl: 'public, max-age=31536000, immutable' };
		const store = s3Store({ ...toOptions(server(), folder), toHeaders });
		await store.write([
			{ kind: 'create', path: 'a.deb', bytes: bytes('1') },
			{ kind: 'create', path: 'head', bytes: bytes('1') },
		]);
		await direct.write([{ kind: 'create', path: 'a.json', bytes: bytes('{}') }]);
		const serve = async (path: string) => {
			const { headers } = await fetch(`${proxy?.endpoint}/${server().bucket}/${folder}/${path}`);
			return [headers.get('content-type'), headers.get('cache-control')];
		};
		expect(await serve('a.deb')).toEqual([
			'application/vnd.debian.binary-package',
			'public, max-age=31536000, immutable',
		]);
		expect(await serve('head')).toEqual(['text/plain', 'no-cache']);
		expect(await serve('a.json')).toEqual(['application/json', 'no-cache']);
	});

	test.each([
		['a bucket that is not there', { bucket: 'not-there' }, 'STORE_NOT_FOUND'],
		[
			'a wrong key',
			{ environment: { AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'secret-of-nobody' } },
			'STORE_FORBIDDEN',
		],
	])('%s is said, without any secret', async (_name, options, code) => {
		const store = s3Store({ ...toOptions(server()), ...options });
		const calls = [
			() => store.read('a'),
			() => store.list(''),
			() => store.write([{ kind: 'put', path: 'a', bytes: bytes('1') }]),
		];
		for (const call of calls) {
			const error = await call().then(
				() => undefined,
				(thrown) => thrown,
			);
			expect(error).toMatchObject({ name: 'SlipwayError', code });
			expect(`${error.message} ${error.hint} ${String(error.cause)}`).not.toContain('secret-of-nobody');
		}
	});

	test('who has no credentials cannot write', async () => {
		const store = s3Store({ ...toOptions(server()), environment: {} });
		await expect(store.write([{ kind: 'put', path: 'a', bytes: bytes('1') }])).rejects.toMatchObject({
			code: 'STORE_FORBIDDEN',
			hint: expect.stringContaining('AWS_ACCESS_KEY_ID'),
		});
	});

	test('a wrong secret is refused, and is in no message', async () => {
		const environment = { ...server().environment, AWS_SECRET_ACCESS_KEY: 'the-wrong-secret' };
		const store = s3Store({ ...toOptions(server()), environment });
		const error = await store.read('a').then(
			() => undefined,
			(thrown) => thrown,
		);
		expect(error).toMatchObject({
			code: 'STORE_FORBIDDEN',
			message: expect.stringContaining('SignatureDoesNotMatch'),
		});
		expect(`${error.message} ${error.hint}`).not.toContain('the-wrong-secret');
	});
});
