import type { Subject } from '@slipway/core';
import type { HistoryEntry, Plan } from '@slipway/release';

/** Where a pointer has to be, by what was released last for its subject. */
export interface ExpectedPointer {
	/** Of the release that decided it. */
	readonly subject: Subject;
	readonly value: string | null;
	/** Whether it shows the bytes of `subject`. */
	readonly isOurs: boolean;
}

/** An operation that has not come to its end. */
export interface Unfinished {
	readonly version: string;
	readonly operation: string;
	readonly actor: string;
	/** null: cut off, or still running. */
	readonly state: string | null;
	readonly reason: string | null;
	/** RFC 3339. */
	readonly since: string;
}

/** What a journal says that everybody should see. */
export interface Expected {
	readonly pointers: readonly ExpectedPointer[];
	readonly unfinished: readonly Unfinished[];
	/** Plans of releases that were completed and not taken back, newest last. */
	readonly completed: readonly Plan[];
	/** Every plan, newest of each version, in the order in which versions came. */
	readonly plans: readonly Plan[];
	/** ms since 1970 of the first operation; null: the journal is empty. */
	readonly since: number | null;
}

const toKey = ({ target, id, pointer }: Subject): string => JSON.stringify([target, id, pointer.name]);

const FINAL = new Set(['COMPLETED', 'ROLLED_BACK', 'ABORTED']);

type Pointers = Map<string, ExpectedPointer | undefined>;

/** undefined: it is in motion, and nobody can say where it has to be. */
const moveTo = (
	pointers: Pointers,
	plan: Plan,
	change: (subject: Subject) => ExpectedPointer | undefined,
): void => {
	for (const subject of plan.subjects) pointers.set(toKey(subject), change(subject));
};

/** A rollback moves only what was still ours. */
const toWithdrawn =
	(pointers: Pointers) =>
	(subject: Subject): ExpectedPointer | undefined => {
		const known = pointers.get(toKey(subject));
		const { previous, next } = subject.pointer;
		const isStillOurs = known === undefined || known.value === next;
		return isStillOurs ? { subject, value: previous, isOurs: false } : known;
	};

const apply = (pointers: Pointers, { end }: HistoryEntry, plan: Plan): void => {
	const state = end?.state ?? null;
	if (state === 'COMPLETED')
		moveTo(pointers, plan, (subject) => ({ subject, value: subject.pointer.next, isOurs: true }));
	else if (state === 'ROLLED_BACK') moveTo(pointers, plan, toWithdrawn(pointers));
	else if (state !== 'ABORTED') moveTo(pointers, plan, () => undefined);
};

const toUnfinished = ({ fence, end }: HistoryEntry): Unfinished[] =>
	end && FINAL.has(end.state)
		? []
		: [
				{
					version: fence.version,
					operation: fence.operation,
					actor: fence.run.actor,
					state: end?.state ?? null,
					reason: end?.reason ?? null,
					since: end?.time ?? fence.time,
				},
			];

/** The last operation of each version, in the order in which they were begun. */
const toLasts = (history: readonly HistoryEntry[]): HistoryEntry[] => {
	const lasts = new Map<string, HistoryEntry>();
	for (const entry of history) {
		lasts.delete(entry.fence.version);
		lasts.set(entry.fence.version, entry);
	}
	return [...lasts.values()];
};

/** Goes through all operations in their order: the end of each says where its pointers have to be from then on. */
export const toExpected = (
	history: readonly HistoryEntry[],
	plansByVersion: ReadonlyMap<string, Plan>,
): Expected => {
	const pointers: Pointers = new Map();
	for (const entry of history) {
		const plan = plansByVersion.get(entry.fence.version);
		if (plan) apply(pointers, entry, plan);
	}
	const lasts = toLasts(history);
	const completed = lasts.filter(({ end }) => end?.state === 'COMPLETED');
	const [first] = history;
	return {
		pointers: [...pointers.values()].filter((pointer) => pointer !== undefined),
		unfinished: lasts.flatMap(toUnfinished),
		completed: completed.flatMap(({ fence }) => plansByVersion.get(fence.version) ?? []),
		plans: [...plansByVersion.values()],
		since: first ? Date.parse(first.fence.time) : null,
	};
};
