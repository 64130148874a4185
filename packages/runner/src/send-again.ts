import type { Context } from '@slipway/core';
import { type HttpClient, type HttpReply, type HttpRequest, retryAfterMs } from '@slipway/http';

const TRIES = 4;
const FIRST_WAIT_MS = 500;

const isPassing = (reply: HttpReply): boolean =>
	reply.kind === 'lost' || reply.status === 408 || reply.status === 429 || reply.status >= 500;

const toWaitMs = (reply: HttpReply, attempt: number, now: number): number =>
	(reply.kind === 'reply' ? retryAfterMs(reply.headers, now) : undefined) ?? FIRST_WAIT_MS * 4 ** attempt;

/** Sends a request that may be repeated without harm, again while the failure is one that passes: 4 tries in 10 seconds. */
export const sendAgain = async (
	client: HttpClient,
	request: HttpRequest,
	{ clock, signal }: Context,
): Promise<HttpReply> => {
	for (let attempt = 0; ; attempt += 1) {
		const reply = await client.send({ ...request, signal });
		if (!isPassing(reply) || attempt + 1 >= TRIES || signal.aborted) return reply;
		await clock.sleep(toWaitMs(reply, attempt, clock.now()), signal);
	}
};

/** For messages: a status, or why there is none. */
export const toReason = (reply: HttpReply): string =>
	reply.kind === 'lost' ? reply.reason : `status ${reply.status}`;
