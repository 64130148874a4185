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
 * - truncate: half of the body. corrupt: one flipped bit. wrong-digest: other digests than those of the bytes.
 * - slow: the body comes in two halves, `slowMs` apart. hang: no answer ever comes.
 */
export interface Fault {
	readonly path: RegExp;
	readonly times?: number;
	readonly effect: Reply | 'reset' | 'truncate' | 'corrupt' | 'wrong-digest' | 'slow' | 'hang';
	/** ms; default 1000. */
	readonly slowMs?: number;
}

export const toJsonReply = (value: unknown, status = 200): Reply => ({
	status,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(value),
});

/** A mistake as Twirp writes it (Twirp wire protocol, "Error JSON"). */
export const toFailure = (status: number, msg: string, code = 'failed'): Reply =>
	toJsonReply({ code, msg }, status);

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

const toSpoilt = (body: Buffer, effect: Fault['effect'] | undefined): Buffer => {
	if (effect === 'corrupt') return toCorrupt(body);
	if (effect !== 'wrong-digest') return body;
	return Buffer.from(body.toString().replace(/sha256:[0-9a-f]{64}/g, `sha256:${'0'.repeat(64)}`));
};

const DEFAULT_SLOW_MS = 1000;

/** Sends a reply, spoilt by a fault where there is one. */
export const send = (
	response: ServerResponse,
	reply: Reply,
	{ effect, slowMs = DEFAULT_SLOW_MS }: Partial<Fault> = {},
): void => {
	if (effect === 'hang') return;
	if (effect === 'reset') return void response.destroy();
	const body = toSpoilt(Buffer.from(reply.body ?? ''), effect);
	response.writeHead(reply.status, { 'content-length': String(body.length), ...reply.headers });
	const half = body.subarray(0, Math.floor(body.length / 2));
	if (effect === 'truncate') response.write(half, () => response.destroy());
	else if (effect === 'slow')
		response.write(half, () => setTimeout(() => response.end(body.subarray(half.length)), slowMs));
	else response.end(body);
};
