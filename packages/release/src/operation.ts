import { type ChangeContext, type Context, type Publisher, SlipwayError, type Subject } from '@slipway/core';
import type { Boundary } from './boundary.ts';
import type { ReleaseCode } from './code.ts';
import { checkContract } from './contract.ts';
import { toGuard } from './fence.ts';
import type { FenceEntry, Journal } from './journal.ts';
import type { EndState } from './outcome.ts';
import type { Plan } from './plan.ts';
import { Records } from './records.ts';
import { SubjectStates } from './subject-states.ts';

/** A phase ended the operation before its last phase. */
export interface Stop {
	readonly state: EndState;
	/** One sentence. */
	readonly reason: string;
	/** The one command that goes on, where it is not the usual one of the state; null: no command does. */
	readonly next?: string | null;
}

/** What every phase of a claimed operation works with. */
export interface Operation {
	readonly plan: Plan;
	readonly releaseId: string;
	readonly publishers: readonly Publisher[];
	readonly journal: Journal;
	readonly fence: FenceEntry;
	/** An earlier attempt of this release may have sent changes whose outcome nobody knows. */
	readonly resumed: boolean;
	/** Only these targets (a job that serves one target); undefined: all of the plan. */
	readonly only?: readonly string[] | undefined;
	readonly boundary?: Boundary | undefined;
	/** A change of this operation awaits its guard first. */
	readonly change: ChangeContext;
	readonly context: Context;
	readonly states: SubjectStates;
	readonly records: Records;
}

/** The subjects of one target, in the plan's order, with the publisher that serves them. */
export interface Lane {
	readonly publisher: Publisher;
	readonly subjects: readonly Subject[];
}

/** The part of an operation that is enough for reading. */
export type Reading = Pick<Operation, 'plan' | 'releaseId' | 'publishers' | 'states' | 'context' | 'only'>;

const findPublisher = ({ plan, publishers }: Reading, target: string): Publisher => {
	const publisher = publishers.find(({ id }) => id === target);
	if (publisher) {
		checkContract(publisher);
		return publisher;
	}
	throw new SlipwayError<ReleaseCode>(
		'PUBLISHER_MISSING',
		`the plan of ${plan.project} ${plan.version} has a target "${target}" that is not configured`,
		{ hint: `Put target "${target}" back into slipway.yml as it was when the release began.` },
	);
};

/**
 * The lanes of an operation in the plan's order; those without a subject that `only` takes are left out.
 * @throws SlipwayError PUBLISHER_MISSING when a planned target is not configured (any more), PUBLISHER_CONTRACT_UNKNOWN
 */
export const toLanes = (operation: Reading, only: (subject: Subject) => boolean = () => true): Lane[] =>
	operation.plan.targets
		.filter(({ id }) => operation.only?.includes(id) ?? true)
		.map(({ id }) => ({
			publisher: findPublisher(operation, id),
			subjects: operation.plan.subjects.filter((subject) => subject.target === id && only(subject)),
		}))
		.filter(({ subjects }) => subjects.length > 0);

export const toOperation = (
	parts: Omit<Operation, 'context' | 'change' | 'states' | 'records'>,
	context: Context,
): Operation => {
	const records = new Records({ ...parts, context });
	const isNewest = toGuard(parts.journal, parts.fence, context);
	const guard = async (): Promise<void> => {
		context.signal.throwIfAborted();
		await records.flush();
		await isNewest();
	};
	return { ...parts, context, change: { context, guard }, states: new SubjectStates(parts.plan), records };
};

/** True for what must end a run at once: no retry, no compensation. */
export const isFatal = (thrown: unknown, { signal }: Context): boolean =>
	signal.aborted || (thrown instanceof SlipwayError && thrown.code === ('FENCE_LOST' satisfies ReleaseCode));

/** What time can heal, by the target's own word; anything else than a SlipwayError is a surprise, and tried again like it. */
export const isTransient = (thrown: unknown, { transient }: Publisher): boolean =>
	!(thrown instanceof SlipwayError) || transient.includes(thrown.code);
