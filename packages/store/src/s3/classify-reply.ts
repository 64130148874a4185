import { toPrintable } from '@slipway/core';
import { type HttpReply, retryAfterMs } from '@slipway/http';
import { findText } from './xml.ts';

/** A server's no: its status, and what it calls it. */
export interface S3Refusal {
	readonly status: number;
	/** For example `AccessDenied`; empty where it says none. */
	readonly code: string;
	readonly message: string;
	/** Where the bucket is, if it says so. */
	readonly region: string | undefined;
	/** What it calls itself. */
	readonly server: string | undefined;
}

/**
 * What a reply means. absent: no such object. unmet: the condition of the request does not hold. later: certainly not done,
 * and worth another try. unknown: it may or may not have happened. refused: it did not, and trying again changes nothing.
 */
export type S3Answer =
	| {
			readonly kind: 'done';
			readonly headers: Headers;
			readonly body: Uint8Array;
			readonly server: string | undefined;
	  }
	| { readonly kind: 'absent' | 'unmet' }
	| { readonly kind: 'later' | 'unknown'; readonly reason: string; readonly retryAfterMs: number | undefined }
	| ({ readonly kind: 'refused' } & S3Refusal);

/** The request was not carried out, by what these say (Amazon S3 API Reference, "List of error codes"). */
const NOT_DONE = new Set([
	'ConditionalRequestConflict',
	'OperationAborted',
	'RequestTimeout',
	'SlowDown',
	'SlowDownRead',
	'SlowDownWrite',
	'TooManyRequests',
]);

/** A gateway may say 503 for a server behind it that has done what was asked: only the server's own words count. */
const isNotDone = (status: number, code: string): boolean => status === 429 || NOT_DONE.has(code);

const MAX_ERROR_CHARACTERS = 65_536;

const toText = (body: Uint8Array): string => new TextDecoder().decode(body.subarray(0, MAX_ERROR_CHARACTERS));

const toRefusal = (status: number, headers: Headers, xml: string): S3Refusal => ({
	status,
	code: toPrintable(findText(xml, 'Code') ?? '', 64),
	message: toPrintable(findText(xml, 'Message') ?? '', 200),
	region: toRegion(headers.get('x-amz-bucket-region') ?? findText(xml, 'Region')),
	server: toServer(headers),
});

const toRegion = (text: string | undefined): string | undefined =>
	text && /^[a-z0-9-]{1,32}$/.test(text) ? text : undefined;

const toServer = (headers: Headers): string | undefined => {
	const name = headers.get('server');
	return name === null ? undefined : toPrintable(name, 64);
};

/** Errors without a body (a reply to HEAD or DELETE) have only their status. */
const classifyError = (refusal: S3Refusal, headers: Headers, now: number): S3Answer => {
	const { status, code, message } = refusal;
	if (status === 412 || code === 'PreconditionFailed') return { kind: 'unmet' };
	if (status === 404 && (code === 'NoSuchKey' || code === '')) return { kind: 'absent' };
	if (status === 501 || code === 'NotImplemented') return { kind: 'refused', ...refusal };
	const again = { reason: `${status} ${code} ${message}`.trim(), retryAfterMs: retryAfterMs(headers, now) };
	if (isNotDone(status, code)) return { kind: 'later', ...again };
	if (status >= 500 || status === 408) return { kind: 'unknown', ...again };
	return { kind: 'refused', ...refusal };
};

/** An upload in parts is completed with status 200 before it is known whether it can be: an error may follow in the body. */
const findLateError = (xml: string): boolean =>
	findText(xml, 'Code') !== undefined && xml.includes('<Error>');

/**
 * Classifies a reply of an S3-like server by status and error code.
 * @param now ms since 1970, for dates in Retry-After
 */
export const classifyReply = (
	reply: HttpReply,
	{ now, mayFailLate = false }: { readonly now: number; readonly mayFailLate?: boolean },
): S3Answer => {
	if (reply.kind === 'lost')
		return { kind: reply.sent ? 'unknown' : 'later', reason: reply.reason, retryAfterMs: undefined };
	const { status, headers, body } = reply;
	const xml = mayFailLate || status >= 300 ? toText(body) : '';
	if (status < 200 || status >= 300) return classifyError(toRefusal(status, headers, xml), headers, now);
	if (mayFailLate && findLateError(xml)) return classifyError(toRefusal(500, headers, xml), headers, now);
	return { kind: 'done', headers, body, server: toServer(headers) };
};
