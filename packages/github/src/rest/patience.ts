import type { RestReply } from './reply.ts';
import type { GitHubRest } from './rest.ts';

const MAX_WAITS = 3;
const DEFAULT_WAIT_MS = 60_000;
const REPEAT_PAUSE_MS = 1000;

/**
 * Asks again after each refusal by a rate limit, as late as the server wants (a minute where it does not say, as its
 * documentation asks for), at most three times. Such a refusal is certainly without an effect, so a change may be asked
 * for in this way too.
 */
export const askPatiently = async <Value>(
	{ scope }: GitHubRest,
	ask: () => Promise<RestReply<Value>>,
): Promise<RestReply<Value>> => {
	for (let waits = 0; ; waits += 1) {
		const reply = await ask();
		if (reply.kind !== 'limited' || waits === MAX_WAITS) return reply;
		await scope.clock.sleep(reply.retryAfterMs ?? DEFAULT_WAIT_MS, scope.signal);
	}
};

/**
 * A read that stands alone (no transaction asks again for it): patient, and repeated where the reply is unknown.
 * @param tries default 3
 */
export const readPatiently = async <Value>(
	rest: GitHubRest,
	ask: () => Promise<RestReply<Value>>,
	tries = 3,
): Promise<RestReply<Value>> => {
	for (let attempt = 1; ; attempt += 1) {
		const reply = await askPatiently(rest, ask);
		if (reply.kind !== 'unknown' || attempt === tries) return reply;
		await rest.scope.clock.sleep(attempt * REPEAT_PAUSE_MS, rest.scope.signal);
	}
};
