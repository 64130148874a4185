// What a store makes of lost replies, refusals and conflicts, on a bucket in memory; the real servers: s3-faults.stores.test.ts.
import type { Change } from '../store.ts';
import { s3Store } from './s3-store.ts';
import { type Asked, type Fate, type Reply, toError, withSmallBucket } from './small-bucket.fixture.ts';

const bucket = withSmallBucket();
const PART = 8;
let sleeps: number[];
beforeEach(() => {
	sleeps = [];
});

const environment = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
const open = (more: object = {}) =>
	s3Store({
		bucket: 'b',
		folder: 'f',
		endpoint: bucket().origin,
		environment,
		partBytes: PART,
		patience: { sleep: async (ms) => void sleeps.push(ms) },
		...more,
	});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const held = (path = 'a'): string | undefined => {
	const found = bucket().objects.get(`f/${path}`);
	return found && Buffer.from(found.bytes).toString();
};
const LARGE = 'x'.repeat(PART * 5 + 3);
const isWrite = ({ method }: Asked): boolean => method === 'PUT' || method === 'POST' || method === 'DELETE';
/** The request by which something becomes visible. */
const isFinal = ({ method, query }: Asked): boolean =>
	method === 'DELETE'
		? !query.has('uploadId')
		: method === 'PUT'
			? !query.has('partNumber')
			: query.has('uploadId');
const times = <T>(count: number, what: T): (() => T | undefined) => {
	let left = count;
	return () => {
		left -= 1;
		return left >= 0 ? what : undefined;
	};
};
const methods = (): string[] => bucket().asked.map(({ method }) => method);
const begin = async (): Promise<string> => {
	await open().write([{ kind: 'create', path: 'a', bytes: bytes('1') }]);
	bucket().asked.length = 0;
	return (await open().read('a'))?.version ?? '';
};

type Case = readonly [name: string, toChange: (version: string) => Change, after: string | undefined];
const CHANGES: readonly Case[] = [
	['create', () => ({ kind: 'create', path: 'new', bytes: bytes('2') }), '2'],
	['create in parts', () => ({ kind: 'create', path: 'new', bytes: bytes(LARGE) }), LARGE],
	['replace', (version) => ({ kind: 'replace', path: 'a', bytes: bytes('2'), version }), '2'],
	['replace of nothing', () => ({ kind: 'replace', path: 'new', bytes: bytes('2'), version: null }), '2'],
	['replace in parts', (version) => ({ kind: 'replace', path: 'a', bytes: bytes(LARGE), version }), LARGE],
	['put', () => ({ kind: 'put', path: 'a', bytes: bytes('2') }), '2'],
	['put in parts', () => ({ kind: 'put', path: 'a', bytes: bytes(LARGE) }), LARGE],
	['remove', () => ({ kind: 'remove', path: 'a' }), undefined],
];
const REPLIES: readonly (readonly [string, Reply | 'reset'])[] = [
	['a reset', 'reset'],
	['500', toError(500, 'InternalError')],
	['503', toError(503, 'ServiceUnavailable')],
	['408', { status: 408 }],
];
const ALL = CHANGES.flatMap(([name, toChange, after]) =>
	REPLIES.map(([said, reply]) => ({ name, said, reply, toChange, after })),
);

test.each(ALL)(
	'$name whose reply is $said, and which was done: not done twice',
	async ({ reply, toChange, after }) => {
		const change = toChange(await begin());
		const lose = times(1, reply);
		bucket().fate = { after: (asked) => (isWrite(asked) && isFinal(asked) ? lose() : undefined) };
		expect(await open().write([change])).toEqual({ outcome: 'written' });
		expect(held(change.path)).toBe(after);
		expect(bucket().asked.filter((asked) => isWrite(asked) && isFinal(asked))).toHaveLength(1);
		expect(bucket().uploads.size).toBe(0);
	},
);

test.each(ALL)(
	'$name whose reply is $said, and which was not done: sent again',
	async ({ reply, toChange, after }) => {
		const change = toChange(await begin());
		const fail = times(2, reply);
		bucket().fate = { before: (asked) => (isWrite(asked) ? fail() : undefined) };
		expect(await open().write([change])).toEqual({ outcome: 'written' });
		expect(held(change.path)).toBe(after);
		expect(sleeps.length).toBeGreaterThanOrEqual(1);
		expect(bucket().uploads.size).toBe(0);
	},
);

test.each(CHANGES)(
	'%s that is asked to wait is sent again without a look',
	async (_name, toChange, after) => {
		const change = toChange(await begin());
		bucket().asked.length = 0;
		const wait = times(2, toError(503, 'SlowDown', { 'retry-after': '7' }));
		bucket().fate = { before: (asked) => (isWrite(asked) ? wait() : undefined) };
		expect(await open().write([change])).toEqual({ outcome: 'written' });
		expect(held(change.path)).toBe(after);
		expect(sleeps).toHaveLength(2);
		expect(Math.min(...sleeps)).toBeGreaterThanOrEqual(7000);
		expect(methods().filter((method) => method === 'GET' || method === 'HEAD')).toEqual([]);
	},
);

test.each(CHANGES)('%s that is refused is not sent again', async (_name, toChange) => {
	const change = toChange(await begin());
	bucket().asked.length = 0;
	bucket().fate = { before: (asked) => (isWrite(asked) ? toError(403, 'AccessDenied') : undefined) };
	await expect(open().write([change])).rejects.toMatchObject({ code: 'STORE_FORBIDDEN' });
	expect(methods()).toHaveLength(1);
	expect(sleeps).toEqual([]);
});

test.each(CHANGES)(
	'%s that never has a reply ends after five tries, with the doubt said',
	async (name, toChange) => {
		const change = toChange(await begin());
		bucket().asked.length = 0;
		bucket().fate = { before: (asked) => (isWrite(asked) && isFinal(asked) ? 'reset' : undefined) };
		await expect(open().write([change])).rejects.toMatchObject({
			code: 'STORE_UNREACHABLE',
			message: expect.stringContaining('whether the write arrived is unknown'),
		});
		expect(bucket().asked.filter((asked) => isWrite(asked) && isFinal(asked))).toHaveLength(5);
		expect(sleeps).toHaveLength(4);
		for (const [at, longest] of [100, 400, 1600, 5000].entries()) {
			expect(sleeps[at]).toBeGreaterThanOrEqual(longest / 2);
			expect(sleeps[at]).toBeLessThanOrEqual(longest);
		}
		if (name.includes('parts')) expect(bucket().uploads.size).toBe(0);
	},
);

test('what is asked to wait for ever ends without a doubt: nothing was done', async () => {
	bucket().fate = { before: () => toError(429, '') };
	const error = await open()
		.write([{ kind: 'put', path: 'a', bytes: bytes('1') }])
		.catch((thrown) => thrown);
	expect(error).toMatchObject({ code: 'STORE_UNREACHABLE' });
	expect(error.message).not.toContain('unknown');
});

test.each<[name: string, outcome: string, change: Change]>([
	['create over other bytes', 'conflict', { kind: 'create', path: 'a', bytes: bytes('2') }],
	['create over the same bytes', 'written', { kind: 'create', path: 'a', bytes: bytes('1') }],
	['create in parts over other bytes', 'conflict', { kind: 'create', path: 'a', bytes: bytes(LARGE) }],
	[
		'replace of another version',
		'conflict',
		{ kind: 'replace', path: 'a', bytes: bytes('1'), version: '"0"' },
	],
	[
		'replace of nothing where something is',
		'conflict',
		{ kind: 'replace', path: 'a', bytes: bytes('1'), version: null },
	],
	[
		'replace of something where nothing is',
		'conflict',
		{ kind: 'replace', path: 'x', bytes: bytes('1'), version: '"0"' },
	],
	[
		'replace in parts of another version',
		'conflict',
		{ kind: 'replace', path: 'a', bytes: bytes(LARGE), version: '"0"' },
	],
])('%s is %s', async (_name, outcome, change) => {
	await begin();
	expect(await open().write([change])).toEqual(
		outcome === 'conflict' ? { outcome, path: change.path } : { outcome },
	);
	expect(held()).toBe('1');
	expect(bucket().uploads.size).toBe(0);
});

describe('a doubt', () => {
	const replace = (version: string): Change => ({ kind: 'replace', path: 'a', bytes: bytes('2'), version });

	test('after which another version is there is neither success nor conflict', async () => {
		const change = replace(await begin());
		bucket().fate = {
			before: (asked) => {
				if (!isWrite(asked)) return undefined;
				bucket().objects.set('f/a', { bytes: bytes('9'), etag: '"9"', headers: {} });
				return 'reset';
			},
		};
		await expect(open().write([change])).rejects.toMatchObject({
			code: 'STORE_UNREACHABLE',
			message: expect.stringContaining('another version there'),
		});
		expect(held()).toBe('9');
	});

	test('is settled by the mark of the write: others may have written the same bytes', async () => {
		const change = replace(await begin());
		const lose = times<'reset'>(1, 'reset');
		bucket().fate = {
			before: (asked) => {
				const fate = isWrite(asked) ? lose() : undefined;
				if (fate) bucket().objects.set('f/a', { bytes: bytes('2'), etag: '"2"', headers: {} });
				return fate;
			},
		};
		await expect(open().write([change])).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
	});

	test('of a create is settled by the bytes: who wrote them does not matter', async () => {
		await begin();
		const lose = times<'reset'>(1, 'reset');
		bucket().fate = {
			before: (asked) => {
				const fate = isWrite(asked) ? lose() : undefined;
				if (fate) bucket().objects.set('f/n', { bytes: bytes('2'), etag: '"2"', headers: {} });
				return fate;
			},
		};
		const change: Change = { kind: 'create', path: 'n', bytes: bytes('2') };
		expect(await open().write([change])).toEqual({ outcome: 'written' });
	});

	test('of a put over bytes that are there already is none', async () => {
		await begin();
		bucket().fate = { before: (asked) => (isWrite(asked) ? 'reset' : undefined) };
		expect(await open().write([{ kind: 'put', path: 'a', bytes: bytes('1') }])).toEqual({
			outcome: 'written',
		});
	});

	test('that cannot be looked into is said', async () => {
		const change = replace(await begin());
		bucket().fate = {
			before: (asked) => (isWrite(asked) ? 'reset' : toError(403, 'AccessDenied')),
		};
		await expect(open().write([change])).rejects.toMatchObject({
			code: 'STORE_UNREACHABLE',
			message: expect.stringContaining('whether the write arrived is unknown'),
		});
	});

	test('there is none where a create was refused: then the refusal to look counts', async () => {
		await begin();
		bucket().fate = { before: (asked) => (isWrite(asked) ? undefined : toError(403, 'AccessDenied')) };
		const change: Change = { kind: 'create', path: 'a', bytes: bytes('2') };
		await expect(open().write([change])).rejects.toMatchObject({ code: 'STORE_FORBIDDEN' });
	});

	test('and then a refused condition: the first try had arrived', async () => {
		const change = replace(await begin());
		const lose = times<'reset'>(1, 'reset');
		const blind = times(1, toError(500, 'InternalError'));
		bucket().fate = {
			after: (asked) => (isWrite(asked) ? lose() : undefined),
			before: (asked) => (asked.method === 'GET' ? blind() : undefined),
		};
		expect(await open().write([change])).toEqual({ outcome: 'written' });
	});

	test('of a removal is settled by a look', async () => {
		await begin();
		bucket().fate = { after: (asked) => (asked.method === 'DELETE' ? 'reset' : undefined) };
		expect(await open().write([{ kind: 'remove', path: 'a' }])).toEqual({ outcome: 'written' });
		expect(methods().slice(-2)).toEqual(['DELETE', 'HEAD']);
	});

	test('there is none where a server says of what is to be removed that it is not there', async () => {
		bucket().fate = { before: () => ({ status: 404 }) };
		expect(await open().write([{ kind: 'remove', path: 'a' }])).toEqual({ outcome: 'written' });
		expect(methods()).toEqual(['DELETE']);
	});
});

describe('parts', () => {
	const write = (): Promise<unknown> => open().write([{ kind: 'put', path: 'a', bytes: bytes(LARGE) }]);
	const isPart = ({ query, method }: Asked): boolean => method === 'PUT' && query.has('partNumber');

	test('are as large as they should be, and put together once', async () => {
		await write();
		expect(
			bucket()
				.asked.filter(isPart)
				.map(({ body }) => body.length),
		).toEqual([8, 8, 8, 8, 8, 3]);
		expect(held()).toBe(LARGE);
		expect(methods().filter((method) => method === 'POST')).toHaveLength(2);
		expect(methods()).not.toContain('DELETE');
	});

	test('a file of exactly one part is sent whole, and one of a megabyte where nothing else is said', async () => {
		await open().write([{ kind: 'put', path: 'a', bytes: bytes('x'.repeat(PART)) }]);
		await open({ partBytes: undefined }).write([{ kind: 'put', path: 'a', bytes: new Uint8Array(2 ** 20) }]);
		expect(methods()).toEqual(['PUT', 'PUT']);
	});

	test('what a file is served with is said when it begins, and its condition when it ends', async () => {
		const toHeaders = () => ({ cacheControl: 'no-cache', contentType: 'text/plain' }) as never;
		await open({ toHeaders }).write([{ kind: 'create', path: 'a', bytes: bytes(LARGE) }]);
		const [first, last] = [bucket().asked[0], bucket().asked.at(-1)];
		expect(first?.headers['x-amz-meta-slipway-write']).toMatch(/^[0-9a-f]{32}$/);
		expect(first?.headers['if-none-match']).toBeUndefined();
		expect(first?.query.get('uploads')).toBe('');
		expect(last?.headers['if-none-match']).toBe('*');
		expect(last?.body.toString()).toMatch(
			/^<CompleteMultipartUpload>(?:<Part><PartNumber>\d<\/PartNumber><ETag>[^<]+<\/ETag><\/Part>){6}<\/CompleteMultipartUpload>$/,
		);
	});

	test('one that is refused ends the upload, and nothing is left', async () => {
		bucket().fate = { before: (asked) => (isPart(asked) ? toError(403, 'AccessDenied') : undefined) };
		await expect(write()).rejects.toMatchObject({ code: 'STORE_FORBIDDEN' });
		expect(bucket().uploads.size).toBe(0);
		expect(bucket().asked.filter(isPart)).toHaveLength(4);
	});

	test.each([
		[
			'an upload without an id',
			(asked: Asked) => asked.query.has('uploads'),
			{ status: 200, body: '<R/>' },
			0,
		],
		['a part without an ETag', isPart, { status: 200 }, 1],
	])('%s is odd', async (_name, isAsked, reply, aborted) => {
		bucket().fate = { before: (asked) => (isAsked(asked) ? reply : undefined) };
		await expect(write()).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
		expect(methods().filter((method) => method === 'DELETE')).toHaveLength(aborted);
	});

	test('an error behind a success is one', async () => {
		const late = times(1, { ...toError(200, 'InternalError') });
		bucket().fate = {
			before: ({ method, query }) => (method === 'POST' && query.has('uploadId') ? late() : undefined),
		};
		expect(await write()).toEqual({ outcome: 'written' });
		expect(held()).toBe(LARGE);
	});

	test('a guard that throws ends it, and nothing is left', async () => {
		for (const call of [1, 2, 5, 8]) {
			let calls = 0;
			const guard = async () => {
				calls += 1;
				if (calls === call) throw new Error('fenced off');
			};
			const change: Change = { kind: 'put', path: 'a', bytes: bytes(LARGE) };
			await expect(open().write([change], guard)).rejects.toThrow('fenced off');
			expect([held(), bucket().uploads.size]).toEqual([undefined, 0]);
		}
	});
});

test('a guard is asked before each write, and a removal', async () => {
	await begin();
	bucket().asked.length = 0;
	const guard = async () => {
		throw new Error('fenced off');
	};
	for (const change of [
		{ kind: 'put', path: 'a', bytes: bytes('2') },
		{ kind: 'remove', path: 'a' },
	] as const)
		await expect(open().write([change], guard)).rejects.toThrow('fenced off');
	expect(bucket().asked).toEqual([]);
});

describe('reading', () => {
	test('goes on after replies that are none', async () => {
		await begin();
		const fail = times(4, toError(500, 'InternalError'));
		bucket().fate = { before: fail as Fate['before'] & object };
		expect(Buffer.from((await open().read('a'))?.bytes ?? []).toString()).toBe('1');
		expect(sleeps).toHaveLength(4);
	});

	test('a file without an ETag is odd', async () => {
		bucket().fate = { before: () => ({ status: 200, body: 'x' }) };
		await expect(open().read('a')).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
	});

	test('a list goes on where a page ends, and shows what is below', async () => {
		const put = (path: string): Change => ({ kind: 'put', path, bytes: bytes('1') });
		await open().write(['b/1', 'b/2', 'b/3', 'a', 'bb', 'c d+e'].map(put));
		bucket().objects.set('g/other', { bytes: bytes('1'), etag: '"1"', headers: {} });
		bucket().pageSize = 2;
		expect(await open().list('')).toEqual(['a', 'b/1', 'b/2', 'b/3', 'bb', 'c d+e']);
		expect(await open().list('b')).toEqual(['b/1', 'b/2', 'b/3']);
		expect(await open().list('nothing')).toEqual([]);
		expect(await open({ folder: undefined }).list('g')).toEqual(['g/other']);
	});

	test('a list that is refused is an error', async () => {
		bucket().fate = { before: () => toError(404, 'NoSuchBucket') };
		await expect(open().list('')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
	});
});

describe('conditions', () => {
	const verify = () => open().verifyConditions();
	const ignore = (header: string): Fate => ({
		before: (asked) => {
			delete asked.headers[header];
			return undefined;
		},
	});

	test('that are honoured', async () => {
		await verify();
		expect(methods()).toEqual(['PUT', 'PUT', 'GET', 'PUT', 'PUT', 'DELETE']);
		expect(bucket().asked[3]?.headers['if-match']).toBe(`"${'0'.repeat(32)}"`);
		expect(bucket().objects.size).toBe(0);
	});

	test('an If-None-Match that is refused, but only after the file was written', async () => {
		bucket().fate = {
			...ignore('if-none-match'),
			after: () => (bucket().asked.length === 2 ? toError(412, 'PreconditionFailed') : undefined),
		};
		await expect(verify()).rejects.toMatchObject({
			code: 'STORE_CONDITIONS_IGNORED',
			message: expect.stringContaining('in spite of If-None-Match'),
		});
	});

	test('an If-None-Match that is refused though there is no file', async () => {
		bucket().fate = {
			before: ({ headers }) => (headers['if-none-match'] ? toError(412, 'PreconditionFailed') : undefined),
		};
		await expect(verify()).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
	});

	test.each([
		['if-none-match', 'in spite of If-None-Match'],
		['if-match', 'in spite of If-Match'],
	])('%s that is ignored', async (header, said) => {
		bucket().fate = ignore(header);
		await expect(verify()).rejects.toMatchObject({
			code: 'STORE_CONDITIONS_IGNORED',
			message: expect.stringContaining(said),
		});
		expect(bucket().objects.size).toBe(0);
	});

	test('that are refused though they hold', async () => {
		bucket().fate = {
			before: ({ headers }) => (headers['if-match'] ? toError(412, 'PreconditionFailed') : undefined),
		};
		await expect(verify()).rejects.toMatchObject({
			code: 'STORE_CONDITIONS_IGNORED',
			message: expect.stringContaining('refused a change with the right If-Match'),
		});
	});

	test.each([1, 2, 3, 4])('though the reply to write %d is lost', async (number) => {
		let writes = 0;
		bucket().fate = {
			after: ({ method }) => {
				writes += method === 'PUT' ? 1 : 0;
				return method === 'PUT' && writes === number ? 'reset' : undefined;
			},
		};
		await verify();
		expect(bucket().objects.size).toBe(0);
	});

	test.each([
		['does not know it', 501, 'NotImplemented', 'STORE_CONDITIONS_IGNORED'],
		['says so with another status', 400, 'NotImplemented', 'STORE_CONDITIONS_IGNORED'],
		['refuses everything', 403, 'AccessDenied', 'STORE_FORBIDDEN'],
		['is down', 500, 'InternalError', 'STORE_UNREACHABLE'],
		['is busy', 503, 'SlowDown', 'STORE_UNREACHABLE'],
	])('a server that %s', async (_name, status, code, expected) => {
		bucket().fate = { before: ({ method }) => (method === 'PUT' ? toError(status, code) : undefined) };
		await expect(verify()).rejects.toMatchObject({ code: expected });
		expect(methods().at(-1)).toBe('DELETE');
	});

	test.each([
		['nothing', { status: 404 }],
		['a file without an ETag', { status: 200, body: 'one' }],
	])('a server that shows %s after it was written', async (_name, reply) => {
		bucket().fate = { before: ({ method }) => (method === 'GET' ? reply : undefined) };
		await expect(verify()).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
	});
});
