import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Answer } from './classify-reply.ts';

/** How often and how long one thing is tried. */
export interface Patience {
	readonly tries: number;
	/** No try begins later than this after the first one. */
	readonly withinMs: number;
	readonly sleep: (ms: number) => Promise<unknown>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export const PATIENCE: Patience = { tries: 5, withinMs: 11 * 60_000, sleep };

type Again = Extract<S3Answer, { kind: 'later' | 'unknown' }>;

export const isAgain = (answer: S3Answer): answer is Again =>
	answer.kind === 'later' || answer.kind === 'unknown';

/** Counts the tries of one thing. Pauses grow, with jitter; a server that asks for a longer one gets it. */
export class Tries {
	readonly #patience: Patience;
	readonly #began = performance.now();
	#count = 0;

	constructor(patience: Patience) {
		this.#patience = patience;
	}

	/** Waits for the next try; false: there is none, or not in time. */
	async wait({ retryAfterMs = 0 }: { readonly retryAfterMs?: number | undefined }): Promise<boolean> {
		this.#count += 1;
		const { tries, withinMs, sleep: pause } = this.#patience;
		if (this.#count >= tries) return false;
		const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 4 ** (this.#count - 1));
		const wait = retryAfterMs + longest * (0.5 + Math.random() / 2);
		if (performance.now() - this.#began + wait > withinMs) return false;
		await pause(wait);
		return true;
	}
}

/** Asks again while there is no answer: only for what changes nothing, or the same thing however often it is done. */
export const askPatiently = async (ask: () => Promise<S3Answer>, patience: Patience): Promise<S3Answer> => {
	const tries = new Tries(patience);
	for (;;) {
		const answer = await ask();
		if (!isAgain(answer) || !(await tries.wait(answer))) return answer;
	}
};
