import { type OnMove, Pointers } from './pointers.ts';

/** One signed state of a suite. */
export interface SignedState {
	/** Of compare-and-set. */
	readonly serial: number;
	/** Milliseconds since 1970, as signed. */
	readonly date: number;
	/** Package to the version that the suite offers. */
	readonly offers: ReadonlyMap<string, string>;
}

/** No client takes a Release whose date lies further ahead of its clock (facts on registries, 1.3). */
const CLIENT_LIMIT_MS = 10_000;

/** The state of an apt repository on a store with compare-and-set: a pool, and one suite. */
export class AptRepository {
	readonly pointers: Pointers;
	/** Path to sha256. */
	readonly pool = new Map<string, string>();
	/** What no client would accept, in words. */
	readonly refused: string[] = [];
	#state: SignedState = { serial: 0, date: 0, offers: new Map() };

	constructor(onMove?: OnMove) {
		this.pointers = new Pointers(onMove);
	}

	get state(): SignedState {
		return this.#state;
	}

	/** Compare-and-set of InRelease. `now`: the true time. @returns false for a conflict */
	sign(state: SignedState, basis: number, now: number): boolean {
		if (this.#state.serial !== basis) return false;
		if (state.date <= this.#state.date)
			this.refused.push(`a Release dated ${state.date} after one dated ${this.#state.date}`);
		if (state.date > now + CLIENT_LIMIT_MS) this.refused.push(`a Release dated ${state.date - now} ms ahead`);
		this.#state = state;
		return true;
	}

	/** Somebody else publishes another package, or another version of ours. */
	offer(name: string, version: string, now: number): void {
		const { serial, date, offers } = this.#state;
		this.#state = {
			serial: serial + 1,
			date: Math.max(now, date + 1000),
			offers: new Map([...offers, [name, version]]),
		};
		this.pointers.set(name, version, now);
	}
}
