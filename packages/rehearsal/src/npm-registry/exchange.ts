import type { IncomingHttpHeaders } from 'node:http';
import { type Route, toRoute } from './route.ts';

/** One request as the handlers see it: read to its end, its route recognised. */
export interface FrontRequest {
	readonly method: string;
	/** Path and query as sent. */
	readonly target: string;
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
	readonly route: Route;
	/** Changes something at the registry. (An exchange only makes a token.) */
	readonly mutates: boolean;
}

export interface FrontReply {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

export const toRequest = (
	method: string,
	target: string,
	headers: IncomingHttpHeaders,
	body: Buffer,
): FrontRequest => {
	const url = new URL(target, 'http://registry');
	const route = toRoute(method, url.pathname);
	const mutates = method !== 'GET' && method !== 'HEAD' && route.kind !== 'exchange';
	return { method, target, query: url.searchParams, headers, body, route, mutates };
};

export const toJsonReply = (
	status: number,
	value: unknown,
	headers: Record<string, string> = {},
): FrontReply => ({
	status,
	headers: { 'content-type': 'application/json', ...headers },
	body: Buffer.from(JSON.stringify(value)),
});

/** The bearer token of a request, if any. */
export const toBearer = ({ headers }: FrontRequest): string | undefined =>
	/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
