import type { MoveOutcome, Operation, Pointer } from './history.ts';

/** What a repository offers: subject to pointer; a subject that is not offered is absent. */
export type State = ReadonlyMap<string, string>;

type Done = NonNullable<Operation['result']>;

export const toState = (offered: Readonly<Record<string, string>>): State => new Map(Object.entries(offered));

/** The same for equal states. */
export const toStateKey = (state: State): string => JSON.stringify([...state].sort());

const fits = (current: Pointer, { from, to }: { from: Pointer; to: Pointer }, seen: MoveOutcome): boolean => {
	if (seen.outcome === 'done') return current === from;
	if (seen.outcome === 'already') return current === to;
	return current === seen.current && current !== from && current !== to;
};

const set = (state: State, changes: readonly (readonly [string, Pointer])[]): State => {
	if (changes.length === 0) return state;
	const next = new Map(state);
	for (const [subject, pointer] of changes)
		if (pointer === null) next.delete(subject);
		else next.set(subject, pointer);
	return next;
};

const applyMoves = (state: State, { call, result }: Operation): State | undefined => {
	if (call.kind !== 'move') return undefined;
	const at = (subject: string): Pointer => state.get(subject) ?? null;
	if (result === undefined) {
		const moved = call.moves.filter(({ subject, from }) => at(subject) === from);
		return set(
			state,
			moved.map(({ subject, to }) => [subject, to]),
		);
	}
	const outcomes = result.kind === 'move' ? result.outcomes : [];
	const isTrue = call.moves.every((move, index) => {
		const outcome = outcomes[index];
		return outcome !== undefined && fits(at(move.subject), move, outcome);
	});
	if (!isTrue) return undefined;
	const done = call.moves.filter((_, index) => outcomes[index]?.outcome === 'done');
	return set(
		state,
		done.map(({ subject, to }) => [subject, to]),
	);
};

const isShown = (state: State, result: Done): boolean =>
	result.kind === 'read' && toStateKey(toState(result.offered)) === toStateKey(state);

/**
 * The model: one register with compare-and-set for each subject, and all moves of one call at one moment. Gives the state
 * after the operation, undefined where its result cannot have come from this state.
 */
export const step = (state: State, operation: Operation): State | undefined => {
	if (operation.call.kind === 'move') return applyMoves(state, operation);
	return operation.result && isShown(state, operation.result) ? state : undefined;
};

/** Pointers are lists of "VERSION ARCHITECTURE sha256:DIGEST". */
const toBytes = (subject: string, pointer: Pointer): readonly (readonly [string, string])[] =>
	[...(pointer ?? '').matchAll(/(\S+) (\S+) sha256:([0-9a-f]{64})/g)].map(
		([, version, architecture, sha256]) => [`${subject} ${version} ${architecture}`, sha256 ?? ''] as const,
	);

/** Versions that were shown with other bytes at another time: a name and version never gets other bytes. */
export const findReplacedBytes = (operations: readonly Operation[]): readonly string[] => {
	const seen = new Map<string, Set<string>>();
	for (const { result } of operations) {
		if (result?.kind !== 'read') continue;
		for (const [subject, pointer] of Object.entries(result.offered))
			for (const [name, sha256] of toBytes(subject, pointer))
				seen.set(name, (seen.get(name) ?? new Set()).add(sha256));
	}
	return [...seen].flatMap(([name, digests]) =>
		digests.size > 1 ? [`${name} was shown with ${[...digests].join(' and ')}`] : [],
	);
};

/** Readers that were shown something signed earlier than what another had been shown before they asked. */
export const findBackwardDates = (operations: readonly Operation[]): readonly string[] => {
	const reads = operations.flatMap(({ process, invoked, returned, result }) =>
		result?.kind === 'read' && result.date !== undefined
			? [{ process, invoked, returned, date: result.date }]
			: [],
	);
	return reads.flatMap((read) => {
		const newer = reads.find(({ returned, date }) => returned < read.invoked && date > read.date);
		return newer
			? [
					`${read.process} was shown ${toTime(read.date)} after ${newer.process} had seen ${toTime(newer.date)}`,
				]
			: [];
	});
};

const toTime = (date: number): string => new Date(date).toISOString();
