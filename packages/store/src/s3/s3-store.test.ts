import type { IncomingMessage } from 'node:http';
import { type Handler, type LoopbackServer, serveLoopback } from '@slipway/http';
import { openStore } from '../open-store.ts';
import { verifiedStore } from '../verified-store.ts';
import type { Bucket } from './bucket.ts';
import { listObjects } from './list-objects.ts';
import { PATIENCE } from './patience.ts';
import { s3Store } from './s3-store.ts';
import { signRequest } from './sign-request.ts';

const environment = {
	AWS_ACCESS_KEY_ID: 'the-id',
	AWS_SECRET_ACCESS_KEY: 'the-secret-key',
	AWS_SESSION_TOKEN: 'the-session-token',
};
const bytes = new TextEncoder().encode('1');

let server: LoopbackServer;
let handler: Handler;
let requests: IncomingMessage[];

beforeEach(async () => {
	requests = [];
	server = await serveLoopback((request, response) => {
		requests.push(request);
		return handler(request, response);
	});
});
afterEach(() => server.close());

const toXml = (code: string): string => `<Error><Code>${code}</Code><Message>no</Message></Error>`;

const open = (patience = {}) =>
	s3Store({
		bucket: 'b',
		endpoint: server.origin,
		environment,
		patience: { sleep: async () => {}, ...patience },
	});

const catchError = (call: Promise<unknown>) =>
	call.then(
		() => undefined,
		(thrown) => thrown,
	);

test('a server that does not know conditional writes is refused by name', async () => {
	handler = ({ headers }, response) =>
		headers['if-none-match']
			? response.writeHead(501, { server: 'OldStore/1.2' }).end(toXml('NotImplemented'))
			: response.writeHead(204).end();
	const error = await catchError(open().verifyConditions());
	expect(error).toMatchObject({
		code: 'STORE_CONDITIONS_IGNORED',
		message: expect.stringMatching(/OldStore\/1\.2 at http:\/\/127\.0\.0\.1:\d+ does not know if-none-match/),
	});
	expect(requests.at(-1)?.method).toBe('DELETE');
});

test('a server that refuses whatever has a condition is refused too', async () => {
	handler = ({ method }, response) => {
		if (method === 'PUT') response.writeHead(412).end();
		else if (method === 'GET') response.writeHead(404).end(toXml('NoSuchKey'));
		else response.writeHead(204).end();
	};
	await expect(open().verifyConditions()).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
});

test('secrets go to who masks them, into signatures, and nowhere else', async () => {
	// What a server that means no good would send back.
	handler = (request, response) =>
		response
			.writeHead(403)
			.end(`<Error><Code>AccessDenied</Code><Message>${request.headers.authorization}</Message></Error>`);
	const secrets: string[] = [];
	const location = { bucket: 'b-1', endpoint: server.origin };
	const store = openStore(location, '/', { environment, onSecret: (secret) => secrets.push(secret) });
	const errors = [
		await catchError(store.read('a')),
		await catchError(store.list('')),
		await catchError(store.write([{ kind: 'put', path: 'a', bytes }])),
	];
	expect(secrets).toEqual(['the-secret-key', 'the-session-token']);
	for (const error of errors) {
		expect(error).toMatchObject({ code: 'STORE_FORBIDDEN' });
		const said = [error.message, error.hint, error.stack, String(error.cause), store.description].join();
		expect(said).not.toMatch(/the-secret-key|the-session-token/);
	}
	const sent = requests.map(
		({ url, headers }) => `${url} ${JSON.stringify({ ...headers, 'x-amz-security-token': '' })}`,
	);
	expect(sent.join()).not.toMatch(/the-secret-key|the-session-token/);
});

test('without credentials nothing is signed', async () => {
	handler = (_, response) => response.writeHead(200, { etag: '"1"' }).end('1');
	const secrets: string[] = [];
	const onSecret = (secret: string) => secrets.push(secret);
	const store = s3Store({ bucket: 'b', endpoint: server.origin, environment: {}, onSecret });
	expect(await store.read('a')).toEqual({ bytes: Buffer.from('1'), version: '"1"' });
	expect(requests[0]?.headers.authorization).toBeUndefined();
	expect(secrets).toHaveLength(0);
});

test('what is asked of a server: an object without a query, a list of the second version with encoded keys', async () => {
	handler = (_request, response) => response.writeHead(404).end(toXml('NoSuchKey'));
	expect(await open().read('a/b')).toBeNull();
	expect(requests[0]?.url).toBe('/b/a/b');
	// Of no bytes.
	expect(requests[0]?.headers['x-amz-content-sha256']).toMatch(/^e3b0c44298fc1c149afbf4c8996fb924/);
	await catchError(open().list('a'));
	const { searchParams } = new URL(requests[1]?.url ?? '', server.origin);
	expect(Object.fromEntries(searchParams)).toEqual({
		'list-type': '2',
		prefix: 'a/',
		'encoding-type': 'url',
	});
});

/** As a server computes it from what it got. */
const toAuthorization = ({ method, url = '', headers }: IncomingMessage): string | undefined => {
	const { host = '', authorization = '' } = headers;
	const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
	const given = names.filter((name) => name !== 'host').map((name) => [name, String(headers[name])]);
	const time = String(headers['x-amz-date']).replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:');
	return signRequest(
		{ method: method as 'GET', path: url, headers: Object.fromEntries(given) },
		{
			credentials: { accessKeyId: 'the-id', secretAccessKey: 'the-secret-key' },
			region: 'us-east-1',
			host,
			now: Date.parse(time),
			bodySha256: String(headers['x-amz-content-sha256']),
		},
	).authorization;
};

test('each request is signed as what is sent', async () => {
	handler = ({ method }, response) => {
		if (method === 'PUT') response.writeHead(412).end();
		else response.writeHead(200, { etag: '"1"' }).end('one');
	};
	await open().read('a b');
	await catchError(open().list('a'));
	await catchError(open().verifyConditions());
	expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET', 'PUT', 'DELETE']));
	expect(requests).toHaveLength(9);
	for (const request of requests) expect(request.headers.authorization).toBe(toAuthorization(request));
});

test.each([
	['no list', '<html></html>'],
	['a list without an end', '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>'],
	[
		'a key that cannot be decoded',
		'<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>%zz</Key></Contents></ListBucketResult>',
	],
	[
		'a file without a key',
		'<ListBucketResult><IsTruncated>false</IsTruncated><Contents></Contents></ListBucketResult>',
	],
])('%s is said', async (_name, xml) => {
	handler = (_request, response) => response.end(xml);
	await expect(open().list('')).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
});

test('keys that are no paths, and keys from elsewhere, are not listed', async () => {
	const keys = ['a/b', 'a/', 'a//c', 'a/../d', 'x', '.slipway-store/probe-1', 'e+f%20g'];
	const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
	handler = (_request, response) =>
		response.end(
			`<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`,
		);
	expect(await open().list('')).toEqual(['a/b', 'e f g', 'x']);
	expect(await open().list('a')).toEqual(['a/b']);
});

const toList = (keys: string, isTruncated = false): string =>
	`<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated><NextContinuationToken>2</NextContinuationToken>${keys}</ListBucketResult>`;

test('keys that a server does not encode are read as they are, and a list that is whole is not gone on with', async () => {
	handler = (_request, response) => response.end(toList('<Contents><Key>a+b%20c</Key></Contents>'));
	expect(await open().list('')).toEqual(['a+b%20c']);
	expect(requests).toHaveLength(1);
});

test('a page of a list that is longer than any is not read', async () => {
	handler = (_request, response) => response.end(toList(' '.repeat(8 * 1024 * 1024)));
	await expect(open({ tries: 1 }).list('')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
});

test('a list that goes on for ever ends', async () => {
	const body = new TextEncoder().encode(toList('', true));
	let pages = 0;
	const bucket: Bucket = async () => {
		pages += 1;
		if (pages > 20_000) throw new Error('one page too many');
		return { kind: 'done', headers: new Headers(), body, server: undefined };
	};
	const list = listObjects(bucket, { root: '', below: '', store: 'bucket b' }, PATIENCE);
	await expect(list).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
	expect(pages).toBe(20_000);
});

test('a path that is none, or is named twice, is refused before anything is sent', async () => {
	for (const paths of [['../a'], ['a', 'a']])
		await expect(open().write(paths.map((path) => ({ kind: 'put', path, bytes })))).rejects.toMatchObject({
			code: 'STORE_PATH_INVALID',
		});
	expect(requests).toEqual([]);
});

test('a redirect is not followed: the region is named', async () => {
	handler = (_request, response) =>
		response
			.writeHead(307, { location: 'http://elsewhere.invalid/', 'x-amz-bucket-region': 'eu-central-1' })
			.end(toXml('TemporaryRedirect'));
	await expect(open().read('a')).rejects.toMatchObject({
		code: 'STORE_NOT_FOUND',
		hint: expect.stringContaining('region: eu-central-1'),
	});
	expect(requests).toHaveLength(1);
});

test('no try begins earlier than asked, and none after its time (F5)', async () => {
	handler = (_request, response) => response.writeHead(503, { 'retry-after': '600' }).end(toXml('SlowDown'));
	const sleeps: number[] = [];
	const sleep = async (ms: number) => void sleeps.push(ms);
	const store = open({ sleep, withinMs: 500_000 });
	await expect(store.read('a')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
	expect([requests.length, sleeps]).toEqual([1, []]);
	await expect(open({ sleep }).read('a')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
	expect(requests).toHaveLength(6);
	expect(Math.min(...sleeps)).toBeGreaterThanOrEqual(600_000);
});

test('a store that is verified before its first write writes nothing where that fails', async () => {
	handler = ({ headers }, response) =>
		headers['if-none-match'] ? response.writeHead(501).end() : response.writeHead(204).end();
	const store = verifiedStore(openStore({ bucket: 'b-1', endpoint: server.origin }, '/', { environment }));
	for (let times = 0; times < 2; times += 1)
		await expect(store.write([{ kind: 'create', path: 'a', bytes }])).rejects.toMatchObject({
			code: 'STORE_CONDITIONS_IGNORED',
		});
	expect(requests.filter(({ url }) => !url?.includes('/probe-'))).toEqual([]);
});
