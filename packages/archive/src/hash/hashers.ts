import { Worker } from 'node:worker_threads';
import { WORKER_SOURCE } from './worker-source.ts';

/** Lower-case hexadecimal, one for each algorithm asked for. */
export type Digests = readonly string[];

/** Threads that hash beside this one. */
export interface Hashers {
	/** A file in one pass, in constant memory. @throws what reading it throws */
	hashFile(
		path: string,
		algorithms: readonly string[],
	): Promise<{ readonly size: number; readonly digests: Digests }>;
	/** Pieces of shared memory, that must not change until it is done, each on its own. */
	hashParts(parts: readonly Uint8Array[], algorithms: readonly string[]): Promise<readonly Digests[]>;
}

interface Waiting {
	resolve(result: unknown): void;
	reject(error: unknown): void;
}

interface Answer {
	readonly id: number;
	readonly result?: unknown;
	readonly error?: unknown;
}

class Thread {
	readonly #worker = new Worker(WORKER_SOURCE, { eval: true, execArgv: [], env: {}, name: 'hash' });
	readonly #waiting = new Map<number, Waiting>();
	#jobs = 0;

	constructor() {
		this.#worker.on('message', ({ id, result, error }: Answer) => {
			const waiting = this.#waiting.get(id);
			this.#waiting.delete(id);
			if (error === undefined) waiting?.resolve(result);
			else waiting?.reject(error);
		});
		this.#worker.on('error', (error) => this.#fail(error));
		this.#worker.on('exit', (code) => this.#fail(new Error(`a hashing thread ended with ${code}`)));
	}

	get load(): number {
		return this.#waiting.size;
	}

	#fail(error: unknown): void {
		for (const { reject } of this.#waiting.values()) reject(error);
		this.#waiting.clear();
	}

	ask(job: object): Promise<unknown> {
		this.#jobs += 1;
		const id = this.#jobs;
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, { resolve, reject });
			this.#worker.postMessage({ id, job });
		});
	}

	async end(): Promise<void> {
		// Nobody waits any more: a task that failed left its answers behind.
		this.#waiting.clear();
		await this.#worker.terminate();
	}
}

/** Runs a task beside `count` hashing threads, each job on the one with the fewest, and ends them with it. */
export const withHashers = async <T>(count: number, task: (hashers: Hashers) => Promise<T>): Promise<T> => {
	const threads = Array.from({ length: count }, () => new Thread());
	const ask = async <R>(job: object): Promise<R> => {
		const thread = threads.reduce((best, each) => (each.load < best.load ? each : best));
		return (await thread.ask(job)) as R;
	};
	try {
		return await task({
			hashFile: (path, algorithms) => ask({ path, algorithms }),
			hashParts: (parts, algorithms) => ask({ parts, algorithms }),
		});
	} finally {
		await Promise.all(threads.map((thread) => thread.end()));
	}
};
