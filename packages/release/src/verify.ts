import type { Publisher, Subject, Verification } from '@slipway/core';
import { toBackoffMs } from './backoff.ts';
import { isFatal, isTransient, type Lane, type Operation, type Stop, toLanes } from './operation.ts';
import type { SubjectReport } from './outcome.ts';
import { toProblem } from './subject-states.ts';
import { inParallel, toGravest } from './upload.ts';

type State = Parameters<Publisher['verify']>[1];

const holdsOtherBytes = async ({ publisher, subjects }: Lane, { context }: Operation): Promise<boolean> => {
	for (const artifact of subjects.flatMap(({ artifacts }) => artifacts)) {
		const { state } = await publisher.probe(artifact, context).catch(() => ({ state: 'unknown' }));
		if (state === 'mismatch') return true;
	}
	return false;
};

/** Tries until it verifies, other bytes are there, or the target has had the time that it may take to show a change. */
const verifyLane = async (
	operation: Operation,
	lane: Lane,
	state: State,
): Promise<readonly Verification[] | Stop> => {
	const { clock, signal, log } = operation.context;
	const { id, traits } = lane.publisher;
	// Slept, not the clock's difference: a clock that is set ahead meanwhile makes nothing visible.
	let waited = 0;
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await lane.publisher.verify(lane.subjects, state, operation.context);
		} catch (thrown) {
			if (isFatal(thrown, operation.context)) throw thrown;
			const reason = `${id}: ${toProblem(thrown)}`;
			if (await holdsOtherBytes(lane, operation)) return { state: 'STOPPED_MISMATCH', reason };
			const left = traits.visibleWithin - waited;
			if (left <= 0 || !isTransient(thrown, lane.publisher)) return { state: 'HELD', reason };
			log.debug(`${reason}; looking again`);
			const pause = Math.min(left, toBackoffMs(attempt, `${operation.releaseId} verify ${id}`));
			await clock.sleep(pause, signal);
			waited += pause;
		}
	}
};

const REPORTED: Record<State, SubjectReport['state']> = {
	hidden: 'hidden',
	exposed: 'exposed',
	withdrawn: 'withdrawn',
};

const noteVerified = (operation: Operation, verifications: readonly Verification[], state: State): void => {
	for (const { subject, client } of verifications) {
		operation.states.note(subject, {
			state: REPORTED[state],
			...(state === 'hidden' ? {} : { verifiedBy: [client] }),
		});
	}
};

/** Looks at the subjects over each target's own protocol (exposed and withdrawn: with the real client too), targets in parallel. */
export const verifySubjects = async (
	operation: Operation,
	state: State,
	only?: (subject: Subject) => boolean,
): Promise<Stop | undefined> => {
	const stops = await inParallel(toLanes(operation, only), async (lane) => {
		operation.context.log.info(`${lane.publisher.id}: verifying (${state})`);
		const result = await verifyLane(operation, lane, state);
		if ('reason' in result) {
			for (const subject of lane.subjects) operation.states.note(subject, { problem: result.reason });
			return result;
		}
		noteVerified(operation, result, state);
		operation.records.note(`verify-${state}-${lane.publisher.id}`, {
			phase: `verify ${state}`,
			target: lane.publisher.id,
			verified: result.map(({ subject, client, checks }) => ({
				subject: subject.id,
				version: subject.version,
				client,
				checks,
			})),
		});
		return undefined;
	});
	return toGravest(stops);
};
