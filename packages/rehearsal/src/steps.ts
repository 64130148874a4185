import type { Clock } from '@slipway/core';
import type { RehearsalStep } from '@slipway/report';

/** Progress of one step, for whoever shows it. */
export interface StepEvent {
	/** null: work for all projects. */
	readonly project: string | null;
	readonly name: string;
	readonly state: 'started' | 'done' | 'failed';
	/** How long it took; 0 when it has just started. */
	readonly ms: number;
}

/** Measures and announces the steps of one rehearsal. */
export class Steps {
	readonly #clock: Clock;
	readonly #began: number;
	readonly #onStep: (event: StepEvent) => void;
	readonly #done: RehearsalStep[] = [];
	/** The step in which each error was thrown. */
	readonly #failed = new WeakMap<object, string>();

	constructor(clock: Clock, onStep: (event: StepEvent) => void = () => {}) {
		this.#clock = clock;
		this.#began = clock.now();
		this.#onStep = onStep;
	}

	/** Runs the task as a step. What it throws is thrown on and remembers the step. */
	async run<T>(project: string | null, name: string, task: () => Promise<T>): Promise<T> {
		const start = this.#clock.now() - this.#began;
		this.#onStep({ project, name, state: 'started', ms: 0 });
		const end = (outcome: RehearsalStep['outcome']) => {
			const ms = this.#clock.now() - this.#began - start;
			this.#done.push({ project, name, start, ms, outcome });
			this.#onStep({ project, name, state: outcome, ms });
		};
		try {
			const result = await task();
			end('done');
			return result;
		} catch (thrown) {
			if (thrown instanceof Error && !this.#failed.has(thrown)) this.#failed.set(thrown, name);
			end('failed');
			throw thrown;
		}
	}

	/** The name of the step in which this error was thrown. */
	findStep(thrown: unknown): string {
		return (thrown instanceof Error && this.#failed.get(thrown)) || 'rehearsal';
	}

	/** In the order in which they began. */
	get all(): readonly RehearsalStep[] {
		return this.#done.toSorted((a, b) => a.start - b.start);
	}

	/** Since the rehearsal began. */
	get seconds(): number {
		return (this.#clock.now() - this.#began) / 1000;
	}
}
