import { setTimeout } from 'node:timers/promises';
import { type Clock, SlipwayError, toPrintable } from '@slipway/core';
import { type HttpReply, toTransferTimeout } from '@slipway/http';
import type * as v from 'valibot';
import type { GitHubCode } from '../code.ts';
import type { Origins } from './origins.ts';
import { classifyFailure, parseBody, type RestReply } from './reply.ts';
import { toFullPath, toWires, type Wires } from './wires.ts';

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

const classifyDownload = (reply: HttpReply): RestDownload => {
	if (reply.kind === 'lost')
		return { kind: 'failed', status: undefined, reason: toPrintable(reply.reason, 300) };
	if (reply.status === 200) return { kind: 'bytes', bytes: reply.body };
	const location = reply.headers.get('location');
	if (reply.status >= 300 && reply.status < 400 && location !== null) return { kind: 'redirect', location };
	return { kind: 'failed', status: reply.status, reason: `${reply.status}` };
};

/** What every call of one client has in common. */
interface Line extends Wires {
	readonly repository: string;
	readonly scope: RestScope;
}

const judge = <S extends v.GenericSchema>(
	{ scope }: Line,
	reply: HttpReply,
	{ schema, ...asked }: { readonly schema: S; readonly method: string; readonly path: string },
): RestReply<v.InferOutput<S>> => {
	const failure = classifyFailure(reply, { ...asked, now: scope.clock.now() });
	return failure ?? parseBody(schema, reply as Extract<HttpReply, { kind: 'reply' }>);
};

const toBody = (body: unknown) =>
	body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };

const toSend =
	(line: Line): GitHubRest['send'] =>
	async ({ method = 'GET', path, schema, body, maxBytes }) => {
		const { origins, repository, scope, clientOf } = line;
		const full = toFullPath(origins, repository, path);
		const limit = maxBytes === undefined ? {} : { maxBytes };
		const request = { method, path: full, ...toBody(body), ...limit, signal: scope.signal };
		const reply = await clientOf(origins.api).send(request);
		return judge(line, reply, { schema, method, path: full.split('?', 1)[0] ?? '' });
	};

const toUpload =
	(line: Line): GitHubRest['upload'] =>
	async ({ schema, mediaType, bytes, ...where }) => {
		const { origin, path } = toUploadTarget(line.origins, where);
		const reply = await line.clientOf(origin).send({
			method: 'POST',
			path,
			headers: { 'content-type': mediaType },
			body: bytes,
			timeoutMs: toTransferTimeout(bytes.length),
			signal: line.scope.signal,
		});
		return judge(line, reply, { schema, method: 'POST', path });
	};

const toDownload =
	({ origins, repository, scope, clientOf }: Line): GitHubRest['download'] =>
	async ({ path, maxBytes }) => {
		const reply = await clientOf(origins.api).send({
			method: 'GET',
			path: toFullPath(origins, repository, path),
			headers: { accept: 'application/octet-stream' },
			redirects: 'return',
			maxBytes,
			signal: scope.signal,
		});
		return classifyDownload(reply);
	};

const toRest = (line: Line, hasToken: boolean): GitHubRest => ({
	repository: line.repository,
	hasToken,
	origins: line.origins,
	scope: line.scope,
	send: toSend(line),
	upload: toUpload(line),
	download: toDownload(line),
	within: (scope) => toRest({ ...line, scope }, hasToken),
});

/**
 * Opens an API for one repository; nothing is sent yet.
 * @throws SlipwayError GITHUB_API_INVALID, GITHUB_REPOSITORY_INVALID
 */
export const toGitHubRest = (options: GitHubRestOptions): GitHubRest => {
	const repository = checkRepository(options.repository);
	const token = options.token || undefined;
	const wires = toWires({ ...options, token });
	return toRest({ ...wires, repository, scope: options.scope ?? REAL_TIME }, token !== undefined);
};
