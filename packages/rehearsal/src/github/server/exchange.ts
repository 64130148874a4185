import type { IncomingHttpHeaders } from 'node:http';

/** One request, read to its end. */
export interface GitHubRequest {
	readonly method: string;
	/** Path and query as sent. */
	readonly target: string;
	/** Decoded segments of the path. */
	readonly segments: readonly string[];
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
}

export interface GitHubReply {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

const decode = (segment: string): string => {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
};

export const toRequest = (
	method: string,
	target: string,
	headers: IncomingHttpHeaders,
	body: Buffer,
): GitHubRequest => {
	const url = new URL(target.replace(/^\/+/, '/'), 'http://github');
	const segments = url.pathname.split('/').slice(1).map(decode);
	return { method, target, segments, query: url.searchParams, headers, body };
};

export const toJsonReply = (
	status: number,
	value: unknown,
	headers: Readonly<Record<string, string>> = {},
): GitHubReply => ({
	status,
	headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
	body: Buffer.from(JSON.stringify(value)),
});

export const toEmptyReply = (
	status: number,
	headers: Readonly<Record<string, string>> = {},
): GitHubReply => ({ status, headers, body: Buffer.alloc(0) });

/** Bytes with the media type they were given. */
export const toBytesReply = (bytes: Uint8Array, mediaType: string, name?: string): GitHubReply => ({
	status: 200,
	headers: {
		'content-type': mediaType,
		...(name !== undefined && {
			'content-disposition': `attachment; filename=${name.replace(/[^\w.@+-]/g, '_')}`,
		}),
	},
	body: Buffer.from(bytes),
});
