import { createHash } from 'node:crypto';
import type { Context } from '@slipway/core';

/** At most this many times the same write is tried. */
export const MAX_TRIES = 5;

const FIRST_MS = 150;
const LONGEST_MS = 30_000;

/**
 * How long to wait before try `attempt` (1, 2, …): exponential, with a jitter of up to half that is derived from `seed`,
 * so that parallel targets spread and a simulation can repeat itself.
 */
export const toBackoffMs = (attempt: number, seed: string): number => {
	const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
	const jitter = createHash('sha256').update(`${seed}#${attempt}`).digest().readUInt16BE(0) / 0xffff;
	return Math.round(base * (0.75 + jitter / 2));
};

/**
 * Asks again until `ask` answers with something else than undefined, or `withinMs` have passed: then undefined.
 * Asks at least once.
 */
export const poll = async <T>(
	ask: () => Promise<T | undefined>,
	{ withinMs, seed }: { readonly withinMs: number; readonly seed: string },
	{ clock, signal }: Context,
): Promise<T | undefined> => {
	const deadline = clock.now() + withinMs;
	for (let attempt = 1; ; attempt += 1) {
		const answer = await ask();
		const left = deadline - clock.now();
		if (answer !== undefined || left <= 0) return answer;
		await clock.sleep(Math.min(left, toBackoffMs(attempt, seed)), signal);
	}
};
