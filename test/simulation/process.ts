import type { Clock, Context } from '@slipway/core';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What befalls one process, by the number of the step at which it does. */
export interface Fortune {
	/** SIGKILL. */
	readonly killAt?: number | undefined;
	/** SIGINT; the process is killed ten seconds later where it has not ended. */
	readonly cancelAt?: number | undefined;
	/** SIGSTOP at the first step from this one on at which no change is being sent, and SIGCONT `pauseMs` later. */
	readonly pauseAt?: number | undefined;
	readonly pauseMs?: number | undefined;
	/** How far its clock is off, in milliseconds; and how much further from step `jumpAt` on. */
	readonly skewMs?: number | undefined;
	readonly jumpAt?: number | undefined;
	readonly jumpMs?: number | undefined;
}

/** From SIGINT to the end (GitHub's timing). */
const GRACE_MS = 10_000;

/** Is never settled: whoever awaits it does nothing any more, its `finally` included. */
const never = (): Promise<never> => new Promise(() => {});

export interface Surroundings {
	readonly time: VirtualTime;
	readonly random: Random;
	/** Writes a line of the story. */
	tell(line: () => string): void;
}

/**
 * One run of the command, as the world sees it: it takes steps (each request twice: sent, answered), and can be killed,
 * cancelled or suspended at any of them. After its death no code of it runs: what it awaits never comes.
 */
export class Process {
	readonly name: string;
	readonly context: Context;
	/** Resolves when it is killed. */
	readonly death: Promise<void>;
	/** Of each server: the moment before which it asked not to be called again. */
	readonly notBefore = new Map<string, number>();
	/** Artifacts whose upload a server has accepted, and said so. */
	readonly accepted = new Set<string>();
	/** The fence that it has taken. */
	fence: number | undefined;
	#steps = 0;
	#isDead = false;
	#skewMs: number;
	readonly #fortune: Fortune;
	readonly #world: Surroundings;
	readonly #controller = new AbortController();
	#die: () => void = () => {};
	#hasPaused = false;

	constructor(name: string, world: Surroundings, fortune: Fortune = {}) {
		this.name = name;
		this.#world = world;
		this.#fortune = fortune;
		this.#skewMs = fortune.skewMs ?? 0;
		this.death = new Promise((resolve) => {
			this.#die = resolve;
		});
		const say = (message: string) => world.tell(() => `${name}: "${message}"`);
		this.context = {
			log: { debug: () => {}, info: () => {}, warning: say },
			clock: this.#toClock(),
			tempDir: '/nowhere',
			signal: this.#controller.signal,
		};
	}

	get isDead(): boolean {
		return this.#isDead;
	}

	get steps(): number {
		return this.#steps;
	}

	/** How far its clock is off just now. */
	get skewMs(): number {
		return this.#skewMs;
	}

	/** Takes a step; never resolves when the process does not live to see the next one. */
	async reach(what: string, { mayPause = true }: { readonly mayPause?: boolean } = {}): Promise<void> {
		if (this.#isDead) return never();
		this.#steps += 1;
		const { killAt, cancelAt, pauseAt, pauseMs, jumpAt, jumpMs } = this.#fortune;
		if (this.#steps === jumpAt && jumpMs !== undefined) {
			this.#skewMs += jumpMs;
			this.#world.tell(() => `${this.name}: its clock jumps by ${jumpMs / 1000} s`);
		}
		if (this.#steps === killAt) {
			this.kill(`${what}, step ${killAt}`);
			return never();
		}
		if (this.#steps === cancelAt) this.#cancel(what);
		if (pauseAt !== undefined && this.#steps >= pauseAt && mayPause && !this.#hasPaused) {
			this.#hasPaused = true;
			this.#world.tell(() => `${this.name}: suspended at ${what} for ${(pauseMs ?? 0) / 1000} s`);
			await this.#world.time.sleep(pauseMs ?? 0);
			this.#world.tell(() => `${this.name}: wakes up`);
		}
		return this.#isDead ? never() : undefined;
	}

	/** Waits in the world's time. */
	async pass(ms: number): Promise<void> {
		await this.#world.time.sleep(ms);
		if (this.#isDead) return never();
	}

	kill(where: string): void {
		if (this.#isDead) return;
		this.#world.tell(() => `${this.name}: KILLED at ${where}`);
		this.#isDead = true;
		this.#die();
	}

	#cancel(where: string): void {
		this.#world.tell(() => `${this.name}: cancelled at ${where}`);
		this.#controller.abort(new Error('cancelled'));
		this.#world.time.at(this.#world.time.now + GRACE_MS, () => this.kill('the end of its grace'));
	}

	#toClock(): Clock {
		return {
			now: () => this.#world.time.now + this.#skewMs,
			sleep: async (ms, signal) => {
				signal?.throwIfAborted();
				await this.reach('sleep');
				const { promise, resolve, reject } = Promise.withResolvers<void>();
				const abort = () => reject(signal?.reason);
				signal?.addEventListener('abort', abort, { once: true });
				this.#world.time.at(this.#world.time.now + ms, resolve);
				try {
					await promise;
				} finally {
					signal?.removeEventListener('abort', abort);
				}
				if (this.#isDead) return never();
			},
		};
	}
}
