import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request as handlers see it. */
export interface Received {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly body: Buffer;
}

export interface Reply {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array;
}

/** One service of the server; undefined: not its path. */
export type Handler = (received: Received) => Reply | undefined;

/**
 * What goes wrong with requests whose path matches, `times` times (default 1).
 * - status: this reply instead. reset: the connection dies before the reply, the effect happens.
 * - truncate: half of the body. corrupt: one flipped bit.
 */
export interface Fault {
	readonly path: RegExp;
	readonly times?: number;
	readonly effect: Reply | 'reset' | 'truncate' | 'corrupt';
}

export const toJsonReply = (value: unknown, status = 200): Reply => ({
	status,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(value),
});

export const receive = async (request: IncomingMessage): Promise<Received> => {
	const url = new URL(request.url ?? '/', 'http://localhost');
	return {
		method: request.method ?? 'GET',
		path: url.pathname,
		query: url.searchParams,
		headers: request.headers,
		body: await buffer(request),
	};
};

const toCorrupt = (bytes: Buffer): Buffer => {
	const copy = Buffer.from(bytes);
	copy[0] = (copy[0] ?? 0) ^ 1;
	return copy;
};

/** Sends a reply, spoilt by `effect` where one is asked for. */
export const send = (response: ServerResponse, reply: Reply, effect?: Fault['effect']): void => {
	if (effect === 'reset') return void response.destroy();
	const body = Buffer.from(reply.body ?? '');
	const sent = effect === 'corrupt' ? toCorrupt(body) : body;
	response.writeHead(reply.status, { ...reply.headers, 'content-length': String(body.length) });
	if (effect === 'truncate') {
		response.write(sent.subarray(0, Math.floor(sent.length / 2)), () => response.destroy());
		return;
	}
	response.end(sent);
};
