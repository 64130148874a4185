import { SlipwayError } from '@slipway/core';
import { createExchange } from './exchange.ts';

/** A request to a path of the client's pinned origin. */
export interface HttpRequest {
	readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
	/** Absolute path with query on the pinned origin; another origin is refused. */
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Uint8Array | string;
	/** Default 64 MiB; a longer reply is cut off and refused. */
	readonly maxBytes?: number;
	/**
	 * From send to the last byte. Default: 60 s until the reply begins, then 60 s and 1 s more for each 256 KiB that it
	 * announces.
	 */
	readonly timeoutMs?: number;
	/** `return`: a redirect is the answer, for whoever may go where it points without what this origin is told. Default: follow. */
	readonly redirects?: 'follow' | 'return';
	readonly signal?: AbortSignal;
}

/**
 * `lost`: no complete reply arrived (refused, reset, timeout, cancelled, truncated, too large, redirected elsewhere).
 * `sent` is false only when the request certainly never reached the server, so that a mutation cannot have happened.
 */
export type HttpReply =
	| { readonly kind: 'reply'; readonly status: number; readonly headers: Headers; readonly body: Uint8Array }
	| { readonly kind: 'lost'; readonly sent: boolean; readonly reason: string; readonly cause: unknown };

/**
 * Requests to one pinned origin, each sent exactly once: no retry, no cookies, no proxy surprises, redirects refused
 * unless they stay on the origin (GET and HEAD only). Credentials are headers and never appear in messages.
 */
export interface HttpClient {
	readonly origin: string;
	/** @throws SlipwayError HTTP_REQUEST_INVALID for a path that leaves the origin and for headers that HTTP cannot carry */
	send(request: HttpRequest): Promise<HttpReply>;
}

export type HttpCode = 'HTTP_ORIGIN_INVALID' | 'HTTP_REQUEST_INVALID';

export interface HttpClientOptions {
	/** Scheme, host and port, for example `https://registry.example`; a path after it is ignored. */
	readonly origin: string;
	/** Sent with each request, under what the request itself names. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Default `slipway`. */
	readonly userAgent?: string;
	/** Default of each request. */
	readonly timeoutMs?: number;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const toOrigin = (text: string): URL => {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
	throw new SlipwayError<HttpCode>(
		'HTTP_ORIGIN_INVALID',
		'expected an http or https address without user name and password',
		{ hint: 'Correct the address; credentials are given apart from it.' },
	);
};

const checkPath = (path: string, origin: string): void => {
	const stays = path.startsWith('/') && URL.canParse(path, origin) && new URL(path, origin).origin === origin;
	if (stays && !/[\s\\]/.test(path)) return;
	throw new SlipwayError<HttpCode>(
		'HTTP_REQUEST_INVALID',
		`expected an absolute path on ${origin}, got ${JSON.stringify(path.slice(0, 200))}`,
		{ hint: 'Look at where this address comes from: it leads away from the configured server.' },
	);
};

type Lost = Extract<HttpReply, { kind: 'lost' }>;

const lost = (reason: string): Lost => ({ kind: 'lost', sent: true, reason, cause: undefined });

/** The path to go on with, why not to, or undefined when the reply is the answer. */
const toRedirect = (
	reply: HttpReply,
	{ method, path, redirects }: HttpRequest,
	origin: string,
): string | Lost | undefined => {
	if (reply.kind === 'lost' || !REDIRECTS.has(reply.status) || redirects === 'return') return undefined;
	const location = reply.headers.get('location');
	if (location === null || (method !== 'GET' && method !== 'HEAD')) return undefined;
	if (!URL.canParse(location, origin + path)) return lost('the reply redirects to an address that is none');
	const target = new URL(location, origin + path);
	return target.origin === origin
		? target.pathname + target.search
		: lost(`the reply redirects to another server (${target.origin}): refused`);
};

/**
 * A client of one origin: TLS by Node's own defaults, connections kept alive for reads only, so that a mutation never
 * meets a connection that the server is just closing.
 * @throws SlipwayError HTTP_ORIGIN_INVALID
 */
export const createHttpClient = (options: HttpClientOptions): HttpClient => {
	const { origin } = toOrigin(options.origin);
	const { userAgent = 'slipway', timeoutMs } = options;
	const exchange = createExchange(origin, { 'user-agent': userAgent, ...options.headers });
	const follow = async (request: HttpRequest, left: number): Promise<HttpReply> => {
		const reply = await exchange(request);
		const redirect = toRedirect(reply, request, origin);
		if (redirect === undefined) return reply;
		if (typeof redirect !== 'string') return redirect;
		return left > 0
			? follow({ ...request, path: redirect }, left - 1)
			: lost(`more than ${MAX_REDIRECTS} redirects`);
	};
	return {
		origin,
		send: async (request) => {
			checkPath(request.path, origin);
			return follow({ ...(timeoutMs !== undefined && { timeoutMs }), ...request }, MAX_REDIRECTS);
		},
	};
};
