import { createHash } from 'node:crypto';

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
