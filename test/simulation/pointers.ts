import type { Process } from './process.ts';

interface Pointed {
	readonly value: string | null;
	readonly by: 'us' | 'others';
	readonly at: number;
}

/** What a change of a pointer rests on: what its sender believes the pointer to be, and when the server told it so. */
export interface Move {
	readonly key: string;
	readonly from: string | null;
	readonly to: string | null;
	/** When the server answered what `from` rests on. */
	readonly seenAt: number;
}

/** Told of every pointer that we move, right before it moves. */
export type OnMove = (process: Process, move: Move & { readonly found: Pointed | undefined }) => void;

/** The default pointers of one registry, and who moved each last. */
export class Pointers {
	readonly #values = new Map<string, Pointed>();
	readonly #onMove: OnMove;

	constructor(onMove: OnMove = () => {}) {
		this.#onMove = onMove;
	}

	get(key: string): string | null {
		return this.#values.get(key)?.value ?? null;
	}

	isOthers(key: string): boolean {
		return this.#values.get(key)?.by === 'others';
	}

	move(process: Process, move: Move, at: number): void {
		this.#onMove(process, { ...move, found: this.#values.get(move.key) });
		this.#values.set(move.key, { value: move.to, by: 'us', at });
	}

	/** Somebody else moves it, or it was there before the story begins. */
	set(key: string, value: string | null, at: number, by: Pointed['by'] = 'others'): void {
		this.#values.set(key, { value, by, at });
	}
}
