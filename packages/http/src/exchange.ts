import * as http from 'node:http';
import * as https from 'node:https';
import { SlipwayError, toMessage } from '@slipway/core';
import type { HttpCode, HttpReply, HttpRequest } from './client.ts';
import { toTransferTimeout } from './transfer-timeout.ts';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** One request, sent once, and what came of it. */
export type Exchange = (request: HttpRequest) => Promise<HttpReply>;

const toHeaders = (rawHeaders: readonly string[]): Headers => {
	const headers = new Headers();
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		try {
			headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
		} catch {
			// A header that no client could read is as good as absent.
		}
	}
	return headers;
};

/** Says when bytes may have left: only once the connection (TLS included) stands; a reused one stands already. */
const watchSent = (request: http.ClientRequest, secure: boolean, onSent: () => void): void => {
	request.once('socket', (socket) => {
		if (request.reusedSocket) onSent();
		else socket.once(secure ? 'secureConnect' : 'connect', onSent);
	});
};

const invalid = (cause: unknown): SlipwayError =>
	new SlipwayError<HttpCode>('HTTP_REQUEST_INVALID', 'expected headers and a path that HTTP can carry', {
		hint: 'Look for line breaks or other control characters in a token or name.',
		// The cause is left out on purpose: Node's own message quotes the header, and that may be a credential.
		cause: (cause as { code?: string }).code,
	});

/** 0 where the reply does not say. */
const toAnnouncedBytes = ({ headers }: http.IncomingMessage): number =>
	Number(headers['content-length'] ?? 0);

const readBody = (
	response: http.IncomingMessage,
	maxBytes: number,
	settle: (result: Uint8Array | string, cause?: unknown) => void,
): void => {
	const tooLarge = `the reply is larger than ${maxBytes} bytes`;
	if (toAnnouncedBytes(response) > maxBytes) {
		settle(tooLarge);
		return;
	}
	const chunks: Buffer[] = [];
	let size = 0;
	response.on('data', (chunk: Buffer) => {
		size += chunk.length;
		if (size > maxBytes) settle(tooLarge);
		else chunks.push(chunk);
	});
	response.once('error', (cause) => settle('the reply broke off', cause));
	response.once('end', () => {
		if (response.complete) settle(Buffer.concat(chunks));
		else settle('the reply broke off');
	});
};

type Agents = { readonly reads: http.Agent | https.Agent; readonly writes: http.Agent | https.Agent };

const createAgents = (secure: boolean): Agents => {
	const { Agent } = secure ? https : http;
	return { reads: new Agent({ keepAlive: true, maxSockets: 16 }), writes: new Agent({ keepAlive: false }) };
};

const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

/** @throws SlipwayError HTTP_REQUEST_INVALID (from the exchange, for headers that HTTP cannot carry) */
export const createExchange = (origin: string, defaults: Readonly<Record<string, string>>): Exchange => {
	const secure = origin.startsWith('https:');
	const agents = createAgents(secure);
	const open = (request: HttpRequest): http.ClientRequest => {
		const body = request.body ?? (isRead(request) ? undefined : '');
		const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
		try {
			return (secure ? https : http).request(new URL(origin), {
				path: request.path,
				method: request.method,
				agent: isRead(request) ? agents.reads : agents.writes,
				headers: { 'accept-encoding': 'identity', ...defaults, ...request.headers, ...length },
			});
		} catch (cause) {
			throw invalid(cause);
		}
	};
	return async (request) => {
		if (request.signal?.aborted) {
			return { kind: 'lost', sent: false, reason: 'cancelled', cause: request.signal.reason };
		}
		return converse(open(request), request, secure);
	};
};

const converse = (
	outgoing: http.ClientRequest,
	request: HttpRequest,
	secure: boolean,
): Promise<HttpReply> => {
	const { promise, resolve } = Promise.withResolvers<HttpReply>();
	const { maxBytes = DEFAULT_MAX_BYTES, signal } = request;
	let sent = false;
	const lose = (reason: string, cause?: unknown) => {
		resolve({ kind: 'lost', sent, reason, cause });
		outgoing.destroy();
	};
	const limit = (ms: number) => setTimeout(() => lose(`no complete reply within ${ms / 1000} s`), ms);
	let timer = limit(request.timeoutMs ?? toTransferTimeout(0));
	const abort = () => lose('cancelled', signal?.reason);
	signal?.addEventListener('abort', abort, { once: true });
	watchSent(outgoing, secure, () => {
		sent = true;
	});
	outgoing.on('error', (cause) => lose(toMessage(cause) || String((cause as { code?: string }).code), cause));
	outgoing.once('response', (response) => {
		if (request.timeoutMs === undefined) {
			clearTimeout(timer);
			timer = limit(toTransferTimeout(Math.min(toAnnouncedBytes(response), maxBytes)));
		}
		readBody(response, request.method === 'HEAD' ? Number.POSITIVE_INFINITY : maxBytes, (result, cause) => {
			if (typeof result === 'string') return lose(result, cause);
			const { statusCode: status = 0, rawHeaders } = response;
			resolve({ kind: 'reply', status, headers: toHeaders(rawHeaders), body: result });
		});
	});
	outgoing.end(request.body);
	return promise.finally(() => {
		clearTimeout(timer);
		signal?.removeEventListener('abort', abort);
	});
};
