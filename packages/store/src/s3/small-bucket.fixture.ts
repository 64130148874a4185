import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type LoopbackServer, serveLoopback } from '@slipway/http';

type Headers = Readonly<Record<string, string>>;

/** One request as the bucket sees it. */
export interface Asked {
	readonly method: string;
	readonly key: string;
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
}

/** A reply that stands for the bucket's own. */
export interface Reply {
	readonly status: number;
	readonly headers?: Headers;
	readonly body?: string | Uint8Array;
}

/** What happens to a request: `before` it is looked at, or `after` it is done. `reset`: the connection ends without a reply. */
export interface Fate {
	readonly before?: (asked: Asked) => Reply | 'reset' | undefined;
	readonly after?: (asked: Asked, reply: Reply) => Reply | 'reset' | undefined;
}

interface Held {
	readonly bytes: Uint8Array;
	readonly etag: string;
	readonly headers: Headers;
}

interface Upload {
	readonly headers: IncomingHttpHeaders;
	readonly parts: Map<number, Buffer>;
}

/** The part of S3 that a store uses, in memory, with one bucket `b`. The real servers are asked in the `.stores.` suites. */
export interface SmallBucket {
	readonly origin: string;
	readonly objects: Map<string, Held>;
	readonly uploads: Map<string, Upload>;
	/** In the order in which they came. */
	readonly asked: Asked[];
	fate: Fate;
	/** Keys on a page of a list. */
	pageSize: number;
}

export const toError = (status: number, code: string, headers: Headers = {}): Reply => ({
	status,
	headers: { server: 'SmallBucket', ...headers },
	body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>test</Message></Error>`,
});

const toEtag = (bytes: Uint8Array): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

const isMet = (held: Held | undefined, headers: IncomingHttpHeaders): boolean => {
	if (headers['if-none-match'] === '*' && held) return false;
	const wanted = headers['if-match'];
	return wanted === undefined || wanted === held?.etag;
};

const put = (bucket: SmallBucket, { key, headers }: Asked, bytes: Uint8Array): Reply => {
	const held = bucket.objects.get(key);
	if (headers['if-match'] !== undefined && !held) return toError(404, 'NoSuchKey');
	if (!isMet(held, headers)) return toError(412, 'PreconditionFailed');
	const kept = Object.entries(headers).filter(([name]) =>
		/^x-amz-meta-|^cache-control$|^content-type$/.test(name),
	);
	const etag = toEtag(bytes);
	bucket.objects.set(key, { bytes, etag, headers: Object.fromEntries(kept) as Headers });
	return { status: 200, headers: { etag } };
};

const complete = (bucket: SmallBucket, asked: Asked, id: string): Reply => {
	const upload = bucket.uploads.get(id);
	if (!upload) return toError(404, 'NoSuchUpload');
	const named = [...asked.body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag>/g)];
	const bytes = named.map(([, number, etag = '']) => {
		const part = upload.parts.get(Number(number));
		return part && toEtag(part) === etag.replace(/&(?:quot|#34);/g, '"') ? part : undefined;
	});
	if (bytes.includes(undefined)) return toError(400, 'InvalidPart');
	const reply = put(
		bucket,
		{ ...asked, headers: { ...upload.headers, ...asked.headers } },
		Buffer.concat(bytes as Buffer[]),
	);
	if (reply.status === 200) bucket.uploads.delete(id);
	return reply;
};

const toList = (bucket: SmallBucket, query: URLSearchParams): Reply => {
	const from = Number(query.get('continuation-token') ?? 0);
	const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort();
	const page = keys.slice(from, from + bucket.pageSize);
	const next = from + bucket.pageSize;
	const isTruncated = next < keys.length;
	const contents = page.map((key) => `<Contents><Key>${encodeURIComponent(key)}</Key></Contents>`).join('');
	const more = isTruncated ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
	return {
		status: 200,
		body: `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>${more}${contents}</ListBucketResult>`,
	};
};

const get = (bucket: SmallBucket, { method, key, query }: Asked): Reply => {
	if (key === '') return toList(bucket, query);
	const held = bucket.objects.get(key);
	if (!held) return method === 'HEAD' ? { status: 404 } : toError(404, 'NoSuchKey');
	return {
		status: 200,
		headers: { ...held.headers, etag: held.etag },
		body: method === 'HEAD' ? '' : held.bytes,
	};
};

const answer = (bucket: SmallBucket, asked: Asked): Reply => {
	const { method, key, query, body } = asked;
	const id = query.get('uploadId');
	if (method === 'POST' && query.has('uploads')) {
		const begun = `upload-${bucket.asked.length}`;
		bucket.uploads.set(begun, { headers: asked.headers, parts: new Map() });
		return { status: 200, body: `<R><UploadId>${begun}</UploadId></R>` };
	}
	if (method === 'POST' && id !== null) return complete(bucket, asked, id);
	if (method === 'PUT' && id !== null) {
		bucket.uploads.get(id)?.parts.set(Number(query.get('partNumber')), body);
		return { status: 200, headers: { etag: toEtag(body) } };
	}
	if (method === 'PUT') return put(bucket, asked, body);
	if (method === 'DELETE' && id !== null) bucket.uploads.delete(id);
	else if (method === 'DELETE') bucket.objects.delete(key);
	return method === 'DELETE' ? { status: 204 } : get(bucket, asked);
};

const send = (response: ServerResponse, reply: Reply | 'reset'): void => {
	if (reply === 'reset') response.destroy();
	else response.writeHead(reply.status, reply.headers).end(reply.body);
};

/** One server for all tests of a file; each test begins with an empty bucket and no faults. */
export const withSmallBucket = (): (() => SmallBucket) => {
	let server: LoopbackServer;
	let bucket: SmallBucket;
	beforeAll(async () => {
		server = await serveLoopback(async (request, response) => {
			const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://x');
			const key = decodeURIComponent(pathname.replace(/^\/b\/?/, ''));
			const { method = '', headers } = request;
			const asked: Asked = { method, key, query, headers, body: await buffer(request) };
			bucket.asked.push(asked);
			const instead = bucket.fate.before?.(asked);
			if (instead) return send(response, instead);
			const reply = answer(bucket, asked);
			return send(response, bucket.fate.after?.(asked, reply) ?? reply);
		});
	});
	beforeEach(() => {
		const { origin } = server;
		bucket = { origin, objects: new Map(), uploads: new Map(), asked: [], fate: {}, pageSize: 1000 };
	});
	afterAll(() => server.close());
	return () => bucket;
};
