import type { RehearsalTarget } from './rehearsal-result.ts';

/** One look at the default version of a target's subject. */
export interface Station {
	readonly name: 'Before' | 'Release' | 'Rollback' | 'Restore';
	/** What was seen; null: no version at all; undefined: nobody looked. */
	readonly seen: string | null | undefined;
	/** What should have been seen. */
	readonly expected: string | null | undefined;
	/** Which of the two versions of this story it is. */
	readonly level: 'ours' | 'previous' | 'other' | 'unknown';
	readonly good: boolean;
}

const toLevel = (seen: string | null | undefined, target: RehearsalTarget): Station['level'] => {
	if (seen === undefined) return 'unknown';
	if (seen === target.version) return 'ours';
	return seen === target.pointerBefore ? 'previous' : 'other';
};

/** The four looks at a target in order: before, after release, after rollback, after restore. */
export const toStations = (target: RehearsalTarget): readonly Station[] => {
	const { version, pointerBefore: before } = target;
	const looks = [
		['Before', before, before],
		['Release', target.pointerAfterRelease, version],
		['Rollback', target.pointerAfterRollback, before],
		['Restore', target.pointerAfterRestore, version],
	] as const;
	return looks.map(([name, seen, expected]) => ({
		name,
		seen,
		expected,
		level: toLevel(seen, target),
		good: seen !== undefined && seen === expected,
	}));
};

/** All four looks found what they should, and a real client was given the released bytes. */
export const isTargetGood = (target: RehearsalTarget): boolean =>
	target.consumerVerified && toStations(target).every(({ good }) => good);
