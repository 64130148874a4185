import type { Context } from '@slipway/core';
import { createHttpClient, type HttpReply } from '@slipway/http';

/** One registry, spoken to over its own protocol: every request is sent exactly once. */
export interface Registry {
	/** With a final slash. */
	readonly url: string;
	/** A read that no cache on the way may answer. `path` is relative to the registry's address. */
	read(path: string, options: ReadOptions): Promise<HttpReply>;
	/** A change. */
	write(method: 'PUT' | 'POST' | 'DELETE', path: string, options: WriteOptions): Promise<HttpReply>;
}

interface ReadOptions {
	readonly context: Context;
	readonly authorization: string | undefined;
	readonly accept?: string;
	readonly maxBytes?: number;
}

interface WriteOptions {
	readonly context: Context;
	readonly authorization: string | undefined;
	/** Sent as JSON; undefined: no body. */
	readonly value?: unknown;
	/** What npm names the command that it runs; the registry's logs show it. */
	readonly command: string;
}

/** Large packages upload slowly. */
const WRITE_TIMEOUT_MS = 5 * 60_000;

const toAuthorization = (authorization: string | undefined): Record<string, string> =>
	authorization === undefined ? {} : { authorization };

/**
 * @param timeoutMs of one request, from send to the last byte; by default 60 s for reads and 5 min for changes
 * @throws SlipwayError HTTP_ORIGIN_INVALID
 */
export const createRegistry = (url: string, timeoutMs?: number): Registry => {
	const { origin, pathname } = new URL(url);
	const client = createHttpClient({ origin });
	return {
		url,
		read: (path, { context, authorization, accept = 'application/json', maxBytes }) =>
			client.send({
				method: 'GET',
				path: pathname + path,
				headers: { accept, 'cache-control': 'no-cache', ...toAuthorization(authorization) },
				signal: context.signal,
				...(timeoutMs !== undefined && { timeoutMs }),
				...(maxBytes !== undefined && { maxBytes }),
			}),
		write: (method, path, { context, authorization, value, command }) =>
			client.send({
				method,
				path: pathname + path,
				headers: {
					accept: 'application/json',
					'npm-command': command,
					...(value !== undefined && { 'content-type': 'application/json' }),
					...toAuthorization(authorization),
				},
				...(value !== undefined && { body: JSON.stringify(value) }),
				timeoutMs: timeoutMs ?? WRITE_TIMEOUT_MS,
				signal: context.signal,
			}),
	};
};
