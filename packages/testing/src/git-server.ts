import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveLoopback } from '@slipway/http';

/**
 * What a server does wrong with one request. `drop`: the connection ends before git sees the request, when git has seen
 * half of it, or when git has done what it asks. `cut`: half of the reply arrives. `slow`: the reply comes in pieces.
 */
export type GitMisbehaviour =
	| { readonly kind: 'drop'; readonly when: 'before' | 'during' | 'after' }
	| { readonly kind: 'cut' }
	| { readonly kind: 'slow'; readonly pieces: number; readonly pauseMs: number }
	| { readonly kind: 'status'; readonly status: number }
	| { readonly kind: 'hang' };

/** What a request is for: to ask for refs before a fetch or a push, or that itself (a fetch also asks for refs). */
export type GitService = 'ask' | 'fetch' | 'offer' | 'push';

export interface GitServerOptions {
	/** Folder with bare repositories, each served at its path. */
	readonly folder: string;
	/** Token that reading and writing need; default: nobody is asked. */
	readonly token?: string | undefined;
	/** Looks at each request first; true: it has answered, and git never sees the request. */
	readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
	/** What goes wrong with a request; undefined: nothing. */
	readonly misbehave?: (service: GitService) => GitMisbehaviour | undefined;
	/** Awaited when git has done what a request asks; true: the reply is lost, the connection ends. */
	readonly loseReply?: (request: IncomingMessage) => Promise<boolean>;
}

export interface GitServerRequest {
	/** Method and path. */
	readonly line: string;
	readonly authorization: string | undefined;
	readonly service: GitService;
	/** Bytes of git's reply, without its head; undefined: git has not answered it. */
	replied: number | undefined;
}

/** Real `git http-backend` on loopback. */
export interface GitServer {
	/** For example `http://127.0.0.1:40123`. */
	readonly origin: string;
	readonly requests: readonly GitServerRequest[];
	close(): Promise<void>;
}

const toService = ({ method, url = '' }: IncomingMessage): GitService => {
	const writes = url.includes('git-receive-pack');
	if (method === 'POST') return writes ? 'push' : 'fetch';
	return writes ? 'offer' : 'ask';
};

const isAllowed = ({ headers }: IncomingMessage, token: string | undefined): boolean => {
	const [, basic = ''] = /^basic (\S+)$/i.exec(headers.authorization ?? '') ?? [];
	return token === undefined || Buffer.from(basic, 'base64').toString() === `x-access-token:${token}`;
};

/** The variables of CGI (RFC 3875, section 4.1). */
const toCgiEnvironment = (request: IncomingMessage, folder: string) => {
	const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
	return {
		PATH: process.env.PATH,
		GIT_PROJECT_ROOT: folder,
		GIT_HTTP_EXPORT_ALL: '1',
		GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
		PATH_INFO: decodeURIComponent(pathname),
		QUERY_STRING: search.slice(1),
		REQUEST_METHOD: request.method,
		CONTENT_TYPE: request.headers['content-type'],
		CONTENT_LENGTH: request.headers['content-length'],
		HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
		REMOTE_USER: 'somebody',
		REMOTE_ADDR: '127.0.0.1',
	};
};

/** Status and headers of a CGI reply (RFC 3875, section 6). */
const toHead = (text: string): { readonly status: number; readonly headers: Record<string, string> } => {
	const lines = text.split('\r\n').map((line) => [line.split(':')[0] ?? '', line.replace(/^[^:]*: */, '')]);
	const headers = Object.fromEntries(lines);
	return { status: Number.parseInt(headers.Status ?? '200', 10), headers };
};

type Backend = ChildProcessByStdio<Writable, Readable, Readable>;

/** Gives git the first half of a request's body, and kills it while it waits for the rest. */
const feedHalf = async (request: IncomingMessage, { pid, stdin }: Backend): Promise<void> => {
	const body = Buffer.concat(await request.toArray());
	stdin.write(body.subarray(0, Math.floor(body.length / 2)));
	await sleep(50);
	if (pid !== undefined) process.kill(-pid, 'SIGKILL');
};

const runBackend = (
	request: IncomingMessage,
	{ folder, isHalf }: { readonly folder: string; readonly isHalf: boolean },
): Promise<Buffer> => {
	const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
	const backend: Backend = spawn('git', ['http-backend'], {
		env: toCgiEnvironment(request, folder),
		stdio: ['pipe', 'pipe', 'pipe'],
		detached: isHalf,
	});
	backend.stderr.resume();
	backend.on('error', reject);
	backend.stdin.on('error', () => {});
	const chunks: Buffer[] = [];
	backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
	backend.on('close', () => resolve(Buffer.concat(chunks)));
	if (isHalf) feedHalf(request, backend).catch(reject);
	else request.pipe(backend.stdin);
	return promise;
};

/** Pieces of a body with pauses between them. */
const sendSlowly = async (
	response: ServerResponse,
	body: Buffer,
	{ pieces, pauseMs }: { readonly pieces: number; readonly pauseMs: number },
): Promise<void> => {
	const length = Math.max(1, Math.ceil(body.length / pieces));
	for (let start = 0; start < body.length; start += length) {
		response.write(body.subarray(start, start + length));
		await sleep(pauseMs);
	}
	response.end();
};

const send = async (
	reply: Buffer,
	response: ServerResponse,
	wrong: GitMisbehaviour | undefined,
): Promise<number | undefined> => {
	const end = reply.indexOf('\r\n\r\n');
	if (end < 0) {
		response.writeHead(500).end();
		return undefined;
	}
	const { status, headers } = toHead(reply.toString('latin1', 0, end));
	const body = reply.subarray(end + 4);
	if (wrong?.kind === 'cut') {
		response.writeHead(status, { ...headers, 'Content-Length': body.length });
		response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
		return body.length;
	}
	response.writeHead(status, headers);
	if (wrong?.kind === 'slow') await sendSlowly(response, body, wrong);
	else response.end(body);
	return body.length;
};

/** True: the request ends here, git never sees it. */
const refuse = (response: ServerResponse, wrong: GitMisbehaviour | undefined): boolean => {
	if (wrong?.kind === 'hang') return true;
	if (wrong?.kind === 'status') response.writeHead(wrong.status).end();
	else if (wrong?.kind === 'drop' && wrong.when === 'before') response.destroy();
	else return false;
	return true;
};

/** Serves bare repositories over git's smart protocol, for reading and writing. */
export const serveGit = async (options: GitServerOptions): Promise<GitServer> => {
	const { folder, token, intercept, misbehave, loseReply } = options;
	const requests: GitServerRequest[] = [];
	const server = await serveLoopback(async (request, response) => {
		const { authorization } = request.headers;
		const service = toService(request);
		const line = `${request.method} ${request.url}`;
		const taken: GitServerRequest = { line, authorization, service, replied: undefined };
		requests.push(taken);
		if (intercept?.(request, response)) return;
		if (!isAllowed(request, token))
			return void response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
		const wrong = misbehave?.(service);
		if (refuse(response, wrong)) return;
		const isDropped = wrong?.kind === 'drop';
		const reply = await runBackend(request, { folder, isHalf: isDropped && wrong.when === 'during' });
		if (isDropped || (await loseReply?.(request))) return void response.destroy();
		taken.replied = await send(reply, response, wrong);
	});
	return { origin: server.origin, requests, close: server.close };
};
