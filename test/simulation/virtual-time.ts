import { setImmediate as afterMicrotasks } from 'node:timers/promises';

interface Timer {
	readonly at: number;
	/** Of two that ring at once, the one that was set first. */
	readonly order: number;
	readonly ring: () => void;
}

const isBefore = (one: Timer, other: Timer): boolean =>
	one.at < other.at || (one.at === other.at && one.order < other.order);

/**
 * The one time of a simulated world: it stands still while anybody has something to do, and then jumps to whoever waits
 * for the earliest moment. Everything in the world has to be made of promises and of this time alone.
 */
export class VirtualTime {
	#now: number;
	#order = 0;
	/** A binary heap, the earliest first. */
	readonly #timers: Timer[] = [];

	constructor(start = Date.parse('2026-01-02T03:04:05Z')) {
		this.#now = start;
	}

	get now(): number {
		return this.#now;
	}

	sleep(ms: number): Promise<void> {
		return new Promise((ring) => this.at(this.#now + Math.max(0, ms), ring));
	}

	/** Calls `ring` when it is `at`. */
	at(at: number, ring: () => void): void {
		this.#order += 1;
		this.#push({ at, order: this.#order, ring });
	}

	/** Lets the world go on until `done` is settled. @throws Error when nobody in it waits for any moment */
	async runUntil<Value>(done: Promise<Value>): Promise<Value> {
		let isDone = false;
		const end = () => {
			isDone = true;
		};
		done.then(end, end);
		for (;;) {
			await afterMicrotasks();
			if (isDone) return done;
			const timer = this.#pop();
			if (!timer) throw new Error('everybody waits, and nobody for a moment in time');
			this.#now = Math.max(this.#now, timer.at);
			timer.ring();
		}
	}

	#push(timer: Timer): void {
		const heap = this.#timers;
		let index = heap.push(timer) - 1;
		while (index > 0) {
			const parent = (index - 1) >> 1;
			const above = heap[parent];
			if (!above || !isBefore(timer, above)) break;
			heap[index] = above;
			index = parent;
		}
		heap[index] = timer;
	}

	#pop(): Timer | undefined {
		const heap = this.#timers;
		const [first] = heap;
		const last = heap.pop();
		if (!first || !last || first === last) return first;
		let index = 0;
		for (;;) {
			let child = 2 * index + 1;
			const [left, right] = [heap[child], heap[child + 1]];
			if (!left) break;
			if (right && isBefore(right, left)) child += 1;
			const smaller = heap[child];
			if (!smaller || isBefore(last, smaller)) break;
			heap[index] = smaller;
			index = child;
		}
		heap[index] = last;
		return first;
	}
}
