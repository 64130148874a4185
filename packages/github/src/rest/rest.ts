import { setTimeout } from 'node:timers/promises';
import { type Clock, SlipwayError, toPrintable } from '@slipway/core';
import { createHttpClient, type HttpClient, type HttpReply } from '@slipway/http';
import type * as v from 'valibot';
import type { GitHubCode } from '../code.ts';
import { type Origins, toOrigins } from './origins.ts';
import { classifyFailure, parseBody, type RestReply } from './reply.ts';

/** One call. `path` is relative to the repository, or, with a slash at its start, to the root of the API. */
export interface RestRequest<S extends v.GenericSchema> {
	readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Without spaces; values in it are encoded (see pathOf), with a query where need be. */
	readonly path: string;
	/** What is read of the reply; an empty body is null. */
	readonly schema: S;
	/** Sent as JSON. */
	readonly body?: unknown;
	/** Largest reply, in bytes. Default 16 MiB. */
	readonly maxBytes?: number;
}

/** Bytes that are sent to the address that a release names for its assets. */
export interface RestUpload<S extends v.GenericSchema> {
	/** `upload_url` of the release; its template part is cut off. Only the upload origin of this API is accepted. */
	readonly url: string;
	readonly query: Readonly<Record<string, string>>;
	readonly mediaType: string;
	readonly bytes: Uint8Array;
	readonly schema: S;
}

/** Bytes that are asked for with the token; where a reply leads elsewhere, the caller goes on without it. */
export type RestDownload =
	| { readonly kind: 'bytes'; readonly bytes: Uint8Array }
	| { readonly kind: 'redirect'; readonly location: string }
	| { readonly kind: 'failed'; readonly status: number | undefined; readonly reason: string };

/** Whose time and cancellation the calls obey. A Context is one. */
export interface RestScope {
	readonly clock: Pick<Clock, 'now' | 'sleep'>;
	readonly signal: AbortSignal;
}

/**
 * A GitHub REST API, seen from one repository: each request is sent exactly once, over pinned origins, and its reply is
 * classified. The token goes nowhere else and appears in no message.
 */
export interface GitHubRest {
	/** `OWNER/NAME`. */
	readonly repository: string;
	/** False: public reads only. */
	readonly hasToken: boolean;
	readonly origins: Origins;
	readonly scope: RestScope;
	/** @throws SlipwayError GITHUB_ELSEWHERE, HTTP_REQUEST_INVALID for a path that leaves the API */
	send<S extends v.GenericSchema>(request: RestRequest<S>): Promise<RestReply<v.InferOutput<S>>>;
	/** @throws SlipwayError GITHUB_ELSEWHERE for an address that is not this API's for uploads */
	upload<S extends v.GenericSchema>(request: RestUpload<S>): Promise<RestReply<v.InferOutput<S>>>;
	/** @param request a path as in send; a larger reply than `maxBytes` is refused */
	download(request: { readonly path: string; readonly maxBytes: number }): Promise<RestDownload>;
	/** The same API under another clock and cancellation. */
	within(scope: RestScope): GitHubRest;
}

export interface GitHubRestOptions {
	/** Address of the API, for example of an enterprise server `https://HOST/api/v3`. */
	readonly api: string;
	/** `OWNER/NAME`. */
	readonly repository: string;
	/** Undefined: public reads without one. */
	readonly token?: string | undefined;
	/** Default: real time, never cancelled. */
	readonly scope?: RestScope | undefined;
	/** Of one request (ms). Default: 60 s until the reply begins, then by its size. */
	readonly timeoutMs?: number | undefined;
}

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

const checkRepository = (text: string): string => {
	if (REPOSITORY.test(text)) return text;
	throw new SlipwayError<GitHubCode>(
		'GITHUB_REPOSITORY_INVALID',
		`expected OWNER/NAME, got ${toPrintable(JSON.stringify(text), 200)}`,
		{ hint: 'Set `repository` of the target in slipway.yml.' },
	);
};

const REAL_TIME: RestScope = {
	clock: { now: () => Date.now(), sleep: (ms, signal) => setTimeout(ms, undefined, { signal }) },
	signal: new AbortController().signal,
};

/** The upload address of a release, checked, as a path of its origin. @throws SlipwayError GITHUB_ELSEWHERE */
const toUploadTarget = ({ uploads }: Origins, { url, query }: Pick<RestUpload<never>, 'url' | 'query'>) => {
	const text = url.replace(/\{[^{}]*\}$/, '');
	const target = URL.canParse(text) ? new URL(text) : undefined;
	if (target && target.username === '' && uploads.includes(target.origin))
		return { origin: target.origin, path: `${target.pathname}?${new URLSearchParams(query)}` };
	throw new SlipwayError<GitHubCode>(
		'GITHUB_ELSEWHERE',
		`expected an upload address on ${uploads.join(' or ')}, got ${toPrintable(target?.origin ?? 'none', 100)}`,
		{ hint: 'Nothing was sent there. Check `api` of the target: it must be the API of the same server.' },
	);
};

const JSON_HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

interface Wires {
	readonly origins: Origins;
	clientOf(origin: string): HttpClient;
}

const toWires = ({ api, token, timeoutMs }: GitHubRestOptions): Wires => {
	const origins = toOrigins(api);
	const headers = { ...JSON_HEADERS, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
	const limit = timeoutMs === undefined ? {} : { timeoutMs };
	const clients = new Map<string, HttpClient>();
	return {
		origins,
		clientOf: (origin) => {
			const client = clients.get(origin) ?? createHttpClient({ origin, headers, ...limit });
			clients.set(origin, client);
			return client;
		},
	};
};

/** The path on the origin. Segments that climb are refused: a name from outside must not lead to another call. */
const toFullPath = ({ basePath }: Origins, repository: string, path: string): string => {
	if (/(^|\/)\.{1,2}(\/|$)/.test(path.split('?', 1)[0] ?? '')) {
		throw new SlipwayError<GitHubCode>(
			'GITHUB_ELSEWHERE',
			`expected a path without . and .., got ${toPrintable(JSON.stringify(path), 200)}`,
			{ hint: 'Look at where this name comes from: no tag, branch or file has it.' },
		);
	}
	if (path.startsWith('/')) return basePath + path;
	return `${basePath}/repos/${repository}${path === '' ? '' : '/'}${path}`;
};

const toDownload = (reply: HttpReply): RestDownload => {
	if (reply.kind === 'lost')
		return { kind: 'failed', status: undefined, reason: toPrintable(reply.reason, 300) };
	if (reply.status === 200) return { kind: 'bytes', bytes: reply.body };
	const location = reply.headers.get('location');
	if (reply.status >= 300 && reply.status < 400 && location !== null) return { kind: 'redirect', location };
	return { kind: 'failed', status: reply.status, reason: `${reply.status}` };
};

const toRest = (wires: Wires, { repository, token }: GitHubRestOptions, scope: RestScope): GitHubRest => {
	const { origins, clientOf } = wires;
	const judge = <S extends v.GenericSchema>(
		reply: HttpReply,
		schema: S,
		asked: { method: string; path: string },
	) => {
		const failure = classifyFailure(reply, { ...asked, now: scope.clock.now() });
		return failure ?? parseBody(schema, reply as Extract<HttpReply, { kind: 'reply' }>);
	};
	return {
		repository,
		hasToken: token !== undefined,
		origins,
		scope,
		send: async ({ method = 'GET', path, schema, body, maxBytes }) => {
			const full = toFullPath(origins, repository, path);
			const reply = await clientOf(origins.api).send({
				method,
				path: full,
				...(body !== undefined && {
					body: JSON.stringify(body),
					headers: { 'content-type': 'application/json' },
				}),
				...(maxBytes !== undefined && { maxBytes }),
				signal: scope.signal,
			});
			return judge(reply, schema, { method, path: full.split('?', 1)[0] ?? '' });
		},
		upload: async ({ schema, mediaType, bytes, ...where }) => {
			const { origin, path } = toUploadTarget(origins, where);
			const headers = { 'content-type': mediaType };
			const reply = await clientOf(origin).send({
				method: 'POST',
				path,
				headers,
				body: bytes,
				signal: scope.signal,
			});
			return judge(reply, schema, { method: 'POST', path });
		},
		download: async ({ path, maxBytes }) =>
			toDownload(
				await clientOf(origins.api).send({
					method: 'GET',
					path: toFullPath(origins, repository, path),
					headers: { accept: 'application/octet-stream' },
					redirects: 'return',
					maxBytes,
					signal: scope.signal,
				}),
			),
		within: (other) => toRest(wires, { api: origins.api, repository, token }, other),
	};
};

/**
 * Opens an API for one repository; nothing is sent yet.
 * @throws SlipwayError GITHUB_API_INVALID, GITHUB_REPOSITORY_INVALID
 */
export const toGitHubRest = (options: GitHubRestOptions): GitHubRest => {
	const repository = checkRepository(options.repository);
	const token = options.token === '' ? undefined : options.token;
	return toRest(
		toWires({ ...options, token }),
		{ ...options, repository, token },
		options.scope ?? REAL_TIME,
	);
};
