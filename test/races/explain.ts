import type { Operation } from './history.ts';
import { type State, step, toStateKey } from './model.ts';
import { canStillBeShown } from './reach.ts';

/** `unknown`: too many orders to try. */
export type Explanation =
	| { readonly verdict: 'explained'; readonly order: readonly Operation[]; readonly end: State }
	| { readonly verdict: 'unexplained' | 'unknown'; readonly reason: string };

const MOST_CONFIGURATIONS = 20_000;

/** Changes nothing, wherever it is put: a read, or a move that found its pointer elsewhere. */
const isLook = ({ result }: Operation): boolean =>
	result !== undefined &&
	(result.kind === 'read' || result.outcomes.every(({ outcome }) => outcome !== 'done'));

/** Search for an order: the operations that are placed so far, and the state that they lead to. */
class Search {
	readonly #operations: readonly Operation[];
	readonly #placed: boolean[];
	readonly #order: Operation[] = [];
	readonly #seen = new Set<string>();
	#furthest:
		| { readonly placed: number; readonly state: State; readonly open: readonly Operation[] }
		| undefined;

	constructor(operations: readonly Operation[]) {
		this.#operations = operations;
		this.#placed = operations.map(() => false);
	}

	run(start: State): Explanation {
		const end = this.#extend(start);
		if (end) return { verdict: 'explained', order: this.#order, end };
		const verdict = this.#seen.size >= MOST_CONFIGURATIONS ? 'unknown' : 'unexplained';
		return { verdict, reason: this.#describe() };
	}

	/** What may come next: no operation that is not placed yet had ended before it began. */
	#toNext(): readonly number[] {
		let end = Number.POSITIVE_INFINITY;
		const next: number[] = [];
		for (const [index, { invoked, returned }] of this.#operations.entries()) {
			if (this.#placed[index]) continue;
			if (invoked > end) break;
			next.push(index);
			end = Math.min(end, returned);
		}
		return next.filter((index) => (this.#operations[index]?.invoked ?? 0) <= end);
	}

	#place(index: number): void {
		this.#placed[index] = true;
		this.#order.push(this.#operations[index] as Operation);
	}

	#takeBack(index: number): void {
		this.#placed[index] = false;
		this.#order.pop();
	}

	/** Looks that are true now are placed at once: no order is lost by that, since they change nothing. */
	#placeLooks(state: State): readonly number[] {
		const placed: number[] = [];
		for (;;) {
			const index = this.#toNext().find((candidate) => {
				const operation = this.#operations[candidate] as Operation;
				return isLook(operation) && step(state, operation) !== undefined;
			});
			if (index === undefined) return placed;
			this.#place(index);
			placed.push(index);
		}
	}

	#extend(state: State): State | undefined {
		const looks = this.#placeLooks(state);
		const end = this.#extendByChange(state);
		if (!end) for (const index of looks.toReversed()) this.#takeBack(index);
		return end;
	}

	#extendByChange(state: State): State | undefined {
		const next = this.#toNext();
		if (this.#operations.every(({ result }, index) => this.#placed[index] || result === undefined))
			return state;
		const key = `${this.#placed.map(Number).join('')} ${toStateKey(state)}`;
		if (this.#seen.has(key) || this.#seen.size >= MOST_CONFIGURATIONS) return undefined;
		this.#seen.add(key);
		this.#note(state, next);
		if (this.#isDead(state)) return undefined;
		for (const index of next) {
			const operation = this.#operations[index] as Operation;
			const after = isLook(operation) ? undefined : step(state, operation);
			if (after === undefined || after === state) continue;
			this.#place(index);
			const end = this.#extend(after);
			if (end) return end;
			this.#takeBack(index);
		}
		return undefined;
	}

	/** No reader who is to be answered next, or last, could be shown what he was. */
	#isDead(state: State): boolean {
		const open = this.#operations.filter((_, index) => !this.#placed[index]);
		const reads = open
			.filter(({ result }) => result?.kind === 'read')
			.toSorted((a, b) => a.returned - b.returned);
		return reads
			.slice(0, 1)
			.concat(reads.slice(-1))
			.some((read) => !canStillBeShown(state, read, open));
	}

	#note(state: State, next: readonly number[]): void {
		if (this.#furthest && this.#furthest.placed >= this.#order.length) return;
		const open = next.map((index) => this.#operations[index] as Operation);
		this.#furthest = { placed: this.#order.length, state, open };
	}

	#describe(): string {
		const { placed = 0, state = new Map(), open = [] } = this.#furthest ?? {};
		const lines = open.map(
			({ process, call, result }) => `  ${process} ${JSON.stringify(call)} -> ${JSON.stringify(result)}`,
		);
		return [
			`no order explains more than ${placed} of ${this.#operations.length} operations; then the state is`,
			`  ${toStateKey(state)}`,
			'and none of these can come next:',
			...lines,
		].join('\n');
	}
}

/**
 * Looks for one order of all operations in which each result is the model's, and which keeps real time: what had ended
 * before another began comes first (linearizability: Herlihy and Wing 1990; the search is Wing and Gong's with memory of
 * what was tried, as Lowe's). An operation that nobody was told about may be anywhere after its beginning, or nowhere.
 */
export const explain = (operations: readonly Operation[], start: State): Explanation =>
	new Search(operations.toSorted((a, b) => a.invoked - b.invoked)).run(start);
