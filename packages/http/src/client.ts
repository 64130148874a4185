/** A request to a path of the client's pinned origin. */
export interface HttpRequest {
	readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
	/** Absolute path with query on the pinned origin; another origin is refused. */
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Uint8Array | string;
	/** Default 64 MiB; a longer reply is cut off and refused. */
	readonly maxBytes?: number;
	/** From send to the last byte. Default 60 s. */
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
}

/**
 * `lost`: no complete reply arrived (refused, reset, timeout, truncated, too large). `sent` is false only when the
 * request certainly never reached the server, so that a mutation cannot have happened.
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
	send(request: HttpRequest): Promise<HttpReply>;
}
