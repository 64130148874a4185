import type { Context } from '@slipway/core';
import type { ReplyClass } from '../registry/classify-reply.ts';

/** Before anything else is asked of a registry that said when to come back (Retry-After; ten minutes at most). */
export const waitAsAsked = async (answer: ReplyClass, { clock, signal }: Context): Promise<void> => {
	if ('retryAfterMs' in answer && answer.retryAfterMs !== undefined)
		await clock.sleep(answer.retryAfterMs, signal);
};
