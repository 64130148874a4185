import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveLoopback } from '@slipway/http';

export interface GitServerOptions {
	/** Folder with bare repositories, each served at its path. */
	readonly folder: string;
	/** Token that reading and writing need; default: nobody is asked. */
	readonly token?: string | undefined;
	/** Looks at each request first; true: it has answered, and git never sees the request. */
	readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
	/** Awaited when git has done what a request asks; true: the reply is lost, the connection ends. */
	readonly loseReply?: (request: IncomingMessage) => Promise<boolean>;
}

/** Real `git http-backend` on loopback. */
export interface GitServer {
	/** For example `http://127.0.0.1:40123`. */
	readonly origin: string;
	/** Method and path of each request, and how it was authorized. */
	readonly requests: readonly { readonly line: string; readonly authorization: string | undefined }[];
	close(): Promise<void>;
}

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

const passOn = (request: IncomingMessage, response: ServerResponse, options: GitServerOptions): void => {
	const { folder, loseReply } = options;
	const backend = spawn('git', ['http-backend'], { env: toCgiEnvironment(request, folder) });
	backend.on('error', () => response.destroy());
	backend.stdin.on('error', () => {});
	request.pipe(backend.stdin);
	const chunks: Buffer[] = [];
	backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
	backend.on('close', async () => {
		if (await loseReply?.(request)) return response.destroy();
		const reply = Buffer.concat(chunks);
		const end = reply.indexOf('\r\n\r\n');
		if (end < 0) return response.writeHead(500).end();
		const { status, headers } = toHead(reply.toString('latin1', 0, end));
		response.writeHead(status, headers).end(reply.subarray(end + 4));
	});
};

/** Serves bare repositories over git's smart protocol, for reading and writing. */
export const serveGit = async (options: GitServerOptions): Promise<GitServer> => {
	const { token, intercept } = options;
	const requests: { line: string; authorization: string | undefined }[] = [];
	const server = await serveLoopback((request, response) => {
		const { authorization } = request.headers;
		requests.push({ line: `${request.method} ${request.url}`, authorization });
		if (intercept?.(request, response)) return;
		if (isAllowed(request, token)) return passOn(request, response, options);
		response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
	});
	return { origin: server.origin, requests, close: server.close };
};
