import { type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import { serveLoopback } from '@slipway/http';
import { encodeSegment, signRequest, toSha256 } from '@slipway/store/s3';
import type { S3Server } from './s3-server.ts';

/** What was asked of the server, and what it answered. */
export interface S3Exchange {
	readonly method: string;
	/** Path with query, as it came. */
	readonly url: string;
	/** Bytes of the body that was sent. */
	readonly sent: number;
	readonly status: number;
}

/** How a reply that the server gave is kept from who asked. */
export type LostReply = 'reset' | 'truncated' | 'silent' | 500 | 503;

export interface S3ProxyOptions {
	/** Names of headers that do not reach the server, in lower case. */
	readonly strip?: readonly string[];
	/** Looks at each request first; true: it has answered, and the server never sees the request. */
	readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
	/** Asked when the server has done what a request asks. */
	readonly loseReply?: (request: IncomingMessage) => LostReply | undefined;
	/** Milliseconds that each request waits. */
	readonly delayMs?: () => number;
}

/** In front of a real server: signs every request itself, so that anybody can read a bucket, and no header is vouched for. */
export interface S3Proxy {
	/** For example `http://127.0.0.1:40123`. */
	readonly endpoint: string;
	/** Of all that reached the server, in the order of its answers. */
	readonly exchanges: S3Exchange[];
	close(): Promise<void>;
}

/** Encoded as signatures want it: apt writes a plus as `%2b`. */
const toSignedPath = (url: string): string => {
	const [path = '/', ...query] = url.split('?');
	const encoded = path
		.split('/')
		.map((segment) => encodeSegment(decodeURIComponent(segment)))
		.join('/');
	return [encoded, ...query].join('?');
};

const HOP_BY_HOP = new Set([
	'host',
	'connection',
	'authorization',
	'x-amz-date',
	'x-amz-security-token',
	'expect',
]);

const toForwarded = (
	{ headers }: IncomingMessage,
	strip: readonly string[],
): Readonly<Record<string, string>> =>
	Object.fromEntries(
		Object.entries(headers)
			.filter(([name]) => !HOP_BY_HOP.has(name) && !strip.includes(name))
			.map(([name, value]) => [name, String(value)]),
	);

const sign = (request: IncomingMessage, server: S3Server, { strip = [] }: S3ProxyOptions) => {
	const path = toSignedPath(request.url ?? '/');
	const headers = toForwarded(request, strip);
	const method = (request.method ?? 'GET') as 'GET';
	const bodySha256 = headers['x-amz-content-sha256'] ?? toSha256('');
	const { host } = new URL(server.endpoint);
	const options = { credentials: server, region: 'us-east-1', host, now: Date.now(), bodySha256 };
	return { path, method, headers: { ...signRequest({ method, path, headers }, options), host } };
};

const lose = (response: ServerResponse, how: LostReply, body: Buffer): void => {
	if (how === 'reset') response.destroy();
	else if (how === 'truncated') {
		response.writeHead(200, { 'content-length': body.length + 100 });
		response.write(body.length > 0 ? body : 'x', () => response.destroy());
	} else if (how !== 'silent') response.writeHead(how).end();
};

interface Passage {
	readonly server: S3Server;
	readonly options: S3ProxyOptions;
	readonly exchanges: S3Exchange[];
}

const answer = (
	{ options, exchanges }: Passage,
	{
		request,
		response,
		reply,
	}: { request: IncomingMessage; response: ServerResponse; reply: IncomingMessage },
): void => {
	const chunks: Buffer[] = [];
	reply.on('data', (chunk: Buffer) => chunks.push(chunk));
	reply.on('error', () => response.destroy());
	reply.on('end', () => {
		const status = reply.statusCode ?? 500;
		const sent = Number(request.headers['content-length'] ?? 0);
		exchanges.push({ method: request.method ?? '', url: request.url ?? '', sent, status });
		const body = Buffer.concat(chunks);
		const how = options.loseReply?.(request);
		if (how !== undefined) return lose(response, how, body);
		const { connection: _, ...headers } = reply.headers;
		response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
	});
};

const passOn = (passage: Passage, request: IncomingMessage, response: ServerResponse): void => {
	const { server, options } = passage;
	const { hostname, port } = new URL(server.endpoint);
	const outgoing = openRequest({ hostname, port, agent: false, ...sign(request, server, options) });
	outgoing.on('error', () => response.destroy());
	outgoing.on('response', (reply) => answer(passage, { request, response, reply }));
	request.pipe(outgoing);
};

/** Serves a real server's buckets to anybody on loopback, and goes wrong on demand. */
export const serveS3Proxy = async (server: S3Server, options: S3ProxyOptions = {}): Promise<S3Proxy> => {
	const exchanges: S3Exchange[] = [];
	const { origin, close } = await serveLoopback(async (request, response) => {
		if (options.delayMs) await new Promise((resolve) => setTimeout(resolve, options.delayMs?.()));
		if (!options.intercept?.(request, response)) passOn({ server, options, exchanges }, request, response);
	});
	return { endpoint: origin, exchanges, close };
};
