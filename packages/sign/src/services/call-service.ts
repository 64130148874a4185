import { type Context, toPrintable } from '@slipway/core';
import {
	createHttpClient,
	type HttpClient,
	type HttpReply,
	type HttpRequest,
	retryAfterMs,
} from '@slipway/http';
import { toSignError } from '../code.ts';

/** A call to a signing service. Repeating it harms nobody: a certificate or log entry more. */
export interface ServiceCall {
	/** For messages, for example "the transparency log". */
	readonly what: string;
	readonly url: string;
	readonly method?: 'GET' | 'POST';
	readonly body?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Of one attempt, ms. */
	readonly timeoutMs: number;
}

export type ServiceReply = Extract<HttpReply, { kind: 'reply' }>;
export type CallService = (call: ServiceCall) => Promise<ServiceReply>;

const MAX_ATTEMPTS = 4;
const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 20_000;
/** All attempts and waits of one call. */
const DEADLINE_MS = 90_000;
/** The largest reply is that of a log: an inclusion proof and a body of hashes. */
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

const isBusy = (status: number): boolean => status === 408 || status === 429 || status >= 500;

const toReason = (reply: HttpReply): string =>
	reply.kind === 'lost' ? `no reply (${reply.reason})` : `status ${reply.status}`;

const unreachable = ({ what, url }: ServiceCall, attempts: number, reply: HttpReply): Error =>
	toSignError(
		'SIGN_SERVICE_UNREACHABLE',
		`${what} at ${toPrintable(url, 200)}: expected a reply, got ${toReason(reply)} in ${attempts} attempts`,
		{
			hint: 'Nothing was signed. Look at the status page of the service and run the same command again; what is signed already stays as it is.',
			cause: reply.kind === 'lost' ? reply.cause : undefined,
		},
	);

const toWait = (reply: HttpReply, attempt: number, now: number): number => {
	const asked = reply.kind === 'reply' ? retryAfterMs(reply.headers, now) : undefined;
	const backOff = FIRST_WAIT_MS * 2 ** (attempt - 1) * (1 + Math.random() / 2);
	return Math.min(asked ?? backOff, MAX_WAIT_MS);
};

const toRequest = (
	{ url, method = 'POST', body, headers, timeoutMs }: ServiceCall,
	signal: AbortSignal,
): HttpRequest => {
	const { pathname, search } = new URL(url);
	return {
		method,
		path: pathname + search,
		headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
		...(body !== undefined && { body }),
		maxBytes: MAX_REPLY_BYTES,
		timeoutMs,
		signal,
	};
};

/**
 * Calls services with limits on time, size and attempts: what is lost or answered by "busy" is asked again, at most four
 * times in 90 s. Redirects are never followed: the token would go along.
 * @throws SlipwayError SIGN_SERVICE_UNREACHABLE (from the call); any other status is returned
 */
export const createCaller = ({ clock, signal, log }: Omit<Context, 'tempDir'>): CallService => {
	const clients = new Map<string, HttpClient>();
	const toClient = (url: string): HttpClient => {
		const { origin } = new URL(url);
		const client = clients.get(origin) ?? createHttpClient({ origin });
		clients.set(origin, client);
		return client;
	};
	return async (call) => {
		const end = clock.now() + DEADLINE_MS;
		for (let attempt = 1; ; attempt += 1) {
			signal.throwIfAborted();
			const reply = await toClient(call.url).send(toRequest(call, signal));
			signal.throwIfAborted();
			if (reply.kind === 'reply' && !isBusy(reply.status)) return reply;
			const wait = toWait(reply, attempt, clock.now());
			if (attempt === MAX_ATTEMPTS || clock.now() + wait > end) throw unreachable(call, attempt, reply);
			log.debug(`${call.what}: ${toReason(reply)}, asking again in ${Math.round(wait)} ms`);
			await clock.sleep(wait, signal);
		}
	};
};

/** What a service says of its refusal, as one printable line; services answer with JSON or plain text. */
export const toRefusal = ({ status, body }: ServiceReply): string => {
	const text = Buffer.from(body.subarray(0, 2000)).toString('utf8').trim();
	const message = /"message"\s*:\s*"([^"\\]{1,500})/.exec(text)?.[1] ?? text;
	return message === '' ? `status ${status}` : `status ${status}: ${toPrintable(message, 300)}`;
};
