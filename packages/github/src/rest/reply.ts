import { type Json, parseJson, toMessage, toPrintable } from '@slipway/core';
import { type HttpReply, MAX_RETRY_AFTER_MS, retryAfterMs } from '@slipway/http';
import * as v from 'valibot';
import { toNeededPermission } from './permission.ts';

/**
 * What a reply of the API means. `limited`: refused by a rate limit (primary or secondary), certainly without an effect.
 * `unknown`: lost, a fault of the server, or a body that cannot be read; a change may or may not have happened.
 * `no-right`: `hint` names the permission to add. All texts are printable and hold no secret.
 */
export type RestReply<Value> =
	| { readonly kind: 'ok'; readonly status: number; readonly value: Value; readonly headers: Headers }
	| RestRefusal
	| {
			readonly kind: 'limited' | 'unknown';
			readonly reason: string;
			/** How long (ms) the server asks to wait, capped at 10 minutes. */
			readonly retryAfterMs: number | undefined;
			/** False where the request certainly changed nothing. */
			readonly sent: boolean;
	  };

export interface RestRefusal {
	readonly kind: 'not-found' | 'unauthorized' | 'no-right' | 'refused';
	readonly status: number;
	readonly message: string;
	/** What the API calls the mistakes of a request, for example `already_exists` (status 422). */
	readonly codes: readonly string[];
	readonly hint: string;
}

const Problem = v.object({
	message: v.fallback(v.string(), ''),
	errors: v.fallback(v.array(v.union([v.string(), v.looseObject({})])), []),
});

const ProblemDetail = v.object({
	code: v.fallback(v.string(), ''),
	field: v.fallback(v.string(), ''),
	message: v.fallback(v.string(), ''),
});

const MAX_PROBLEM_BYTES = 64 * 1024;

const parseProblem = (body: Uint8Array): v.InferOutput<typeof Problem> => {
	try {
		return v.parse(Problem, parseJson(body, 'the reply', { maxBytes: MAX_PROBLEM_BYTES }));
	} catch {
		return { message: new TextDecoder().decode(body.subarray(0, 200)).trim(), errors: [] };
	}
};

const toDetails = (errors: readonly (string | object)[]) =>
	errors
		.slice(0, 10)
		.map((error) =>
			typeof error === 'string' ? { code: '', field: '', message: error } : v.parse(ProblemDetail, error),
		);

/** The API's own words as one short printable line, and the codes in them. */
const toProblem = (body: Uint8Array): { readonly message: string; readonly codes: readonly string[] } => {
	const { message, errors } = parseProblem(body);
	const details = toDetails(errors);
	const words = details.map(
		({ code, field, message: text }) => text || [field, code].filter(Boolean).join(' '),
	);
	const text = [message, ...words].filter(Boolean).join('; ');
	return {
		message: toPrintable(text || 'no message', 300),
		codes: details.map(({ code }) => code).filter(Boolean),
	};
};

const RESET_SLACK_MS = 1000;

/** Retry-After, else the moment at which the primary limit is reset. */
const toWait = (headers: Headers, now: number): number | undefined => {
	const asked = retryAfterMs(headers, now);
	if (asked !== undefined) return asked;
	const reset = headers.get('x-ratelimit-reset') ?? '';
	if (headers.get('x-ratelimit-remaining') !== '0' || !/^\d{1,12}$/.test(reset)) return undefined;
	return Math.min(Math.max(Number(reset) * 1000 - now + RESET_SLACK_MS, 0), MAX_RETRY_AFTER_MS);
};

const isLimited = (status: number, headers: Headers, message: string): boolean =>
	status === 429 ||
	(status === 403 &&
		(headers.get('x-ratelimit-remaining') === '0' ||
			headers.has('retry-after') ||
			/rate limit|abuse detection/i.test(message)));

const HINTS = {
	'not-found': 'Check the name; a token without the right to read it is told the same.',
	unauthorized: 'The token is not valid (any more): start the job again, or make a new token.',
	refused: 'Correct what the API names.',
	moved: 'The repository was renamed or moved: set `repository` of the target to its present name.',
} as const;

/** What a request was about, as far as its meaning depends on it. */
export interface Asked {
	readonly method: string;
	/** Path of the request without its query. */
	readonly path: string;
	/** ms since 1970. */
	readonly now: number;
}

const toRefusal = (status: number, headers: Headers, body: Uint8Array, asked: Asked): RestRefusal => {
	const problem = { status, ...toProblem(body) };
	if (status === 401) return { kind: 'unauthorized', ...problem, hint: HINTS.unauthorized };
	if (status === 403) {
		const permission = toNeededPermission(headers.get('x-accepted-github-permissions'), asked);
		return {
			kind: 'no-right',
			...problem,
			hint: `Add \`${permission}\` to the permissions of the job (or of the token).`,
		};
	}
	if (status === 404 || status === 410) return { kind: 'not-found', ...problem, hint: HINTS['not-found'] };
	const isMoved = status >= 300 && status < 400;
	return { kind: 'refused', ...problem, hint: isMoved ? HINTS.moved : HINTS.refused };
};

/** Classifies a reply that is no success; undefined for one that is. */
export const classifyFailure = (
	reply: HttpReply,
	asked: Asked,
): Exclude<RestReply<never>, { kind: 'ok' }> | undefined => {
	if (reply.kind === 'lost')
		return {
			kind: 'unknown',
			reason: toPrintable(reply.reason, 300),
			retryAfterMs: undefined,
			sent: reply.sent,
		};
	const { status, headers, body } = reply;
	if (status >= 200 && status < 300) return undefined;
	const { message } = toProblem(body);
	const wait = { reason: `${status} ${message}`, retryAfterMs: toWait(headers, asked.now) };
	if (isLimited(status, headers, message)) return { kind: 'limited', ...wait, sent: false };
	if (status >= 500) return { kind: 'unknown', ...wait, sent: true };
	return toRefusal(status, headers, body, asked);
};

type AnySchema = v.GenericSchema;

/** The body as the schema reads it; a success that cannot be read is `unknown`: no ground for any decision. */
export const parseBody = <S extends AnySchema>(
	schema: S,
	{ status, headers, body }: Extract<HttpReply, { kind: 'reply' }>,
): RestReply<v.InferOutput<S>> => {
	const unreadable = (reason: string) =>
		({ kind: 'unknown', reason, retryAfterMs: undefined, sent: true }) as const;
	let json: Json;
	try {
		json = body.length === 0 ? null : parseJson(body, 'the reply');
	} catch (thrown) {
		return unreadable(toPrintable(`${status}, but ${toMessage(thrown)}`, 300));
	}
	const result = v.safeParse(schema, json);
	if (result.success) return { kind: 'ok', status, value: result.output, headers };
	const [issue] = result.issues;
	return unreadable(
		toPrintable(
			`${status}, but the reply is not what was expected: ${v.getDotPath(issue) ?? ''} ${issue.message}`,
			300,
		),
	);
};
