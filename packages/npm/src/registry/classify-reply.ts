import type { HttpReply } from '@slipway/http';
import { retryAfterMs } from '@slipway/http';
import { toReplyMessage } from './reply-body.ts';

/**
 * What a reply to a change means. taken: the version is used up, by us or by others; staged: accepted earlier, being
 * scanned or waiting for a person; busy: another write was faster; unknown: it may or may not have happened.
 */
export type ReplyClass =
	| { readonly kind: 'accepted' | 'taken' | 'staged' }
	| {
			readonly kind: 'busy' | 'unknown';
			readonly reason: string;
			readonly retryAfterMs: number | undefined;
			/** False where the request certainly never arrived. */
			readonly sent: boolean;
	  }
	| {
			readonly kind: 'otp' | 'unauthorized' | 'blocked' | 'not-found' | 'refused';
			readonly status: number;
			/** The registry's own words, printable. */
			readonly message: string;
	  };

const isOtp = (headers: Headers, message: string): boolean =>
	/\botp\b/i.test(headers.get('www-authenticate') ?? '') || /one-time pass/i.test(message);

const classifyRefusal = (status: number, headers: Headers, message: string): ReplyClass => {
	if (status === 401) return { kind: isOtp(headers, message) ? 'otp' : 'unauthorized', status, message };
	if (status === 403 && /previously published version|modify pre-existing version/i.test(message))
		return { kind: 'taken' };
	if (status === 403) return { kind: isOtp(headers, message) ? 'otp' : 'blocked', status, message };
	if (status === 404) return { kind: 'not-found', status, message };
	return { kind: 'refused', status, message };
};

/**
 * Classifies the reply to a publish, stage, dist-tag or deprecate call by status and wording
 * (facts on registries, table 1.1).
 * @param now ms since 1970, for dates in Retry-After
 */
export const classifyReply = (reply: HttpReply, now: number): ReplyClass => {
	if (reply.kind === 'lost')
		return { kind: 'unknown', reason: reply.reason, retryAfterMs: undefined, sent: reply.sent };
	const { status, headers } = reply;
	if (status >= 200 && status < 300) return { kind: 'accepted' };
	const message = toReplyMessage(reply.body);
	const reason = `${status} ${message}`;
	if (status === 429 || status >= 500)
		return { kind: 'unknown', reason, retryAfterMs: retryAfterMs(headers, now), sent: true };
	if (status === 409 && /previously staged version/i.test(message)) return { kind: 'staged' };
	if (status === 409) return { kind: 'busy', reason, retryAfterMs: retryAfterMs(headers, now), sent: true };
	return classifyRefusal(status, headers, message);
};
