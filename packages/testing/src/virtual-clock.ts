import type { Clock, Context } from '@slipway/core';

/** A clock that stands still until somebody sleeps, and then jumps: hours of polling take no time, and always the same. */
export class VirtualClock implements Clock {
	#now: number;

	constructor(start = Date.parse('2026-01-02T03:04:05Z')) {
		this.#now = start;
	}

	now(): number {
		return this.#now;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		this.#now += ms;
	}

	advance(ms: number): void {
		this.#now += ms;
	}
}

/** A Context for tests: silent log (lines are kept), a virtual clock unless one is given, a signal of its own. */
export const testContext = (
	tempDir: string,
	clock: Clock = new VirtualClock(),
): Context & { readonly lines: readonly string[]; readonly abort: (reason?: unknown) => void } => {
	const lines: string[] = [];
	const controller = new AbortController();
	const log = {
		debug: (message: string) => void lines.push(`debug ${message}`),
		info: (message: string) => void lines.push(`info ${message}`),
		warning: (message: string) => void lines.push(`warning ${message}`),
	};
	return {
		log,
		clock,
		tempDir,
		signal: controller.signal,
		lines,
		abort: (reason) => controller.abort(reason),
	};
};
