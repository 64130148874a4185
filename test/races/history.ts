import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** All that a suite offers of one package, in one order; null: nothing. */
export type Pointer = string | null;

/** One package's pointer, from what a plan saw to what it wants. */
export interface Move {
	readonly subject: string;
	readonly from: Pointer;
	readonly to: Pointer;
}

/** What a process asks of a repository: to move pointers, all in one signed update, or to show all that it offers. */
export type Call = { readonly kind: 'move'; readonly moves: readonly Move[] } | { readonly kind: 'read' };

/** done: moved. already: it was there. other: it was neither at `from` nor at `to`, and nothing was written. */
export interface MoveOutcome {
	readonly outcome: 'done' | 'already' | 'other';
	readonly current: Pointer;
}

export type Result =
	/** In the order of the call's moves. */
	| { readonly kind: 'move'; readonly outcomes: readonly MoveOutcome[] }
	/** Every subject that is offered; `date` of what was signed in ms, where the reader knows it. */
	| { readonly kind: 'read'; readonly offered: Readonly<Record<string, string>>; readonly date?: number };

/**
 * One line of a history. invoke: a process asks. ok: it was told what happened. fail: nothing happened, for sure. info:
 * nobody told it; the effect may have happened, or may still happen. `time`: microseconds of one clock that all processes
 * of a machine share (CLOCK_MONOTONIC). A process has one call open at a time.
 */
export type HistoryEvent = { readonly process: string; readonly time: number } & (
	| { readonly type: 'invoke'; readonly call: Call }
	| { readonly type: 'ok'; readonly result: Result }
	| { readonly type: 'fail' | 'info'; readonly reason: string }
);

/** A call with its end. `returned` is Infinity where nobody was told. */
export interface Operation {
	readonly process: string;
	readonly invoked: number;
	readonly returned: number;
	readonly call: Call;
	/** undefined: nobody was told. */
	readonly result: Result | undefined;
}

export const readTime = (): number => Number(process.hrtime.bigint() / 1000n);

const toOperation = (
	invoke: HistoryEvent & { readonly type: 'invoke' },
	end: HistoryEvent | undefined,
): Operation | undefined => {
	const { process, time: invoked, call } = invoke;
	if (end?.type === 'fail') return undefined;
	if (end?.type === 'ok') return { process, invoked, returned: end.time, call, result: end.result };
	// A read that nobody was told about says nothing.
	return call.kind === 'read'
		? undefined
		: { process, invoked, returned: Number.POSITIVE_INFINITY, call, result: undefined };
};

/**
 * Pairs each call with its end, by invocation. Calls that surely had no effect are left out; one without an end (its
 * process was killed) counts as `info`.
 */
export const toOperations = (events: readonly HistoryEvent[]): readonly Operation[] => {
	const operations: Operation[] = [];
	for (const mine of Map.groupBy(events, ({ process }) => process).values()) {
		const sorted = mine.toSorted((a, b) => a.time - b.time);
		for (const [index, event] of sorted.entries()) {
			const next = sorted[index + 1];
			if (event.type !== 'invoke') continue;
			const operation = toOperation(event, next?.type === 'invoke' ? undefined : next);
			if (operation) operations.push(operation);
		}
	}
	return operations.sort((a, b) => a.invoked - b.invoked);
};

/** One event a line, for people and for checking again. */
export const writeHistory = async (path: string, events: readonly HistoryEvent[]): Promise<void> => {
	await mkdir(dirname(path), { recursive: true });
	const lines = events.toSorted((a, b) => a.time - b.time).map((event) => `${JSON.stringify(event)}\n`);
	await writeFile(path, lines.join(''));
};
