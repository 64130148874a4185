import type { Change, WriteGuard, WriteOutcome } from '../store.ts';
import type { ObjectOutcome } from './write-object.ts';

/** Requests under way at once. */
const PARALLEL = 8;

type WriteOne = (change: Change) => Promise<ObjectOutcome>;

/**
 * Changes that may be made at the same time: neighbours of one kind. A comparison stands alone, and so does the last change, the
 * switch: it is begun when all before it are durable.
 */
export const toGroups = (changes: readonly Change[]): readonly (readonly Change[])[] => {
	const groups: Change[][] = [];
	for (const change of changes.slice(0, -1)) {
		const last = groups.at(-1);
		if (last && change.kind !== 'replace' && last[0]?.kind === change.kind) last.push(change);
		else groups.push([change]);
	}
	return [...groups, changes.slice(-1)].filter((group) => group.length > 0);
};

/** One question at a time, and none any more after one that threw: requests under way at once must not overtake a fence. */
export const toGuardInTurn = (guard: WriteGuard): WriteGuard => {
	let last: Promise<void> = Promise.resolve();
	return () => {
		last = last.then(guard);
		last.catch(() => {});
		return last;
	};
};

/** After a conflict or a failure nothing more is begun; what is under way is waited for. */
const writeGroup = async (group: readonly Change[], writeOne: WriteOne): Promise<WriteOutcome> => {
	const conflicts: string[] = [];
	let next = 0;
	let isStopped = false;
	const work = async (): Promise<void> => {
		for (let change = group[next]; change && !isStopped; change = group[next]) {
			next += 1;
			const outcome = await writeOne(change).catch((thrown) => {
				isStopped = true;
				throw thrown;
			});
			if (outcome === 'written') continue;
			isStopped = true;
			conflicts.push(change.path);
		}
	};
	const settled = await Promise.allSettled(Array.from({ length: Math.min(PARALLEL, group.length) }, work));
	for (const result of settled) if (result.status === 'rejected') throw result.reason;
	const first = group.find(({ path }) => conflicts.includes(path));
	return first ? { outcome: 'conflict', path: first.path } : { outcome: 'written' };
};

/** Applies changes group by group, and stops at the first that has a conflict. */
export const writeGroups = async (changes: readonly Change[], writeOne: WriteOne): Promise<WriteOutcome> => {
	for (const group of toGroups(changes)) {
		const outcome = await writeGroup(group, writeOne);
		if (outcome.outcome === 'conflict') return outcome;
	}
	return { outcome: 'written' };
};
