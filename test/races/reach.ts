import type { Move, Operation, Pointer } from './history.ts';
import type { State } from './model.ts';

const reaches = (from: Pointer, to: Pointer, moves: readonly Move[]): boolean => {
	const reached = new Set([from]);
	for (const pointer of reached) {
		if (pointer === to) return true;
		for (const move of moves) if (move.from === pointer) reached.add(move.to);
	}
	return false;
};

/**
 * Whether moves that are still to come can lead from a state to what a reader was shown, each subject looked at alone. No
 * means no; yes means perhaps.
 */
export const canStillBeShown = (
	state: State,
	{ result }: Operation,
	toCome: readonly Operation[],
): boolean => {
	if (result?.kind !== 'read') return true;
	const subjects = new Set([...state.keys(), ...Object.keys(result.offered)]);
	const differing = [...subjects].filter((subject) => state.get(subject) !== result.offered[subject]);
	if (differing.length === 0) return true;
	const moves = toCome.flatMap(({ call }) => (call.kind === 'move' ? call.moves : []));
	return differing.every((subject) =>
		reaches(
			state.get(subject) ?? null,
			result.offered[subject] ?? null,
			moves.filter((move) => move.subject === subject),
		),
	);
};
