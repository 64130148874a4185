import type { Subject, Visibility, Withdrawal } from '@slipway/core';
import { retrying, toBatches } from './expose.ts';
import { isFatal, type Lane, type Operation, type Stop, toLanes } from './operation.ts';
import { toProblem } from './subject-states.ts';
import { toGravest } from './upload.ts';

export interface WithdrawRequest {
	readonly from: Visibility;
	readonly reason: string;
	readonly only?: (subject: Subject) => boolean;
}

const noteWithdrawal = (operation: Operation, { subject, outcome, current, remains }: Withdrawal): void => {
	if (outcome !== 'not-ours') {
		operation.states.note(subject, { current, remains, state: 'withdrawn' });
		return;
	}
	const problem = `left alone: the pointer names ${current ?? 'nothing'}, which is not ours`;
	operation.states.note(subject, { current, remains, state: 'hidden', problem });
};

const withdrawLane = async (
	operation: Operation,
	lane: Lane,
	{ from, reason }: WithdrawRequest,
): Promise<Stop | undefined> => {
	const { publisher } = lane;
	operation.context.log.info(`${publisher.id}: withdrawing`);
	for (const batch of toBatches({ ...lane, subjects: lane.subjects.toReversed() })) {
		try {
			const withdrawals = await retrying(operation, publisher, () =>
				publisher.withdraw(batch, from, { ...operation.change, reason }),
			);
			for (const withdrawal of withdrawals) noteWithdrawal(operation, withdrawal);
		} catch (thrown) {
			if (isFatal(thrown, operation.context)) throw thrown;
			for (const subject of batch) operation.states.note(subject, { problem: toProblem(thrown) });
			return { state: 'HELD', reason: `${publisher.id}: ${toProblem(thrown)}` };
		}
	}
	await operation.records.record(`withdraw-${publisher.id}`, {
		phase: `withdraw ${from}`,
		target: publisher.id,
		reason,
		pointers: lane.subjects.map(({ id, pointer }) => ({
			subject: id,
			...pointer,
			current: operation.states.get({ id, target: publisher.id }).current ?? null,
		})),
	});
	return undefined;
};

/** Takes subjects back, targets in reverse of the order in which they are exposed. One that fails does not keep the others. */
export const withdrawAll = async (
	operation: Operation,
	request: WithdrawRequest,
): Promise<Stop | undefined> => {
	const stops: (Stop | undefined)[] = [];
	for (const lane of toLanes(operation, request.only).reverse()) {
		stops.push(await withdrawLane(operation, lane, request));
	}
	return toGravest(stops);
};

/**
 * Some pointers cannot move back (the first version of an npm package stays `latest`): then a consumer still gets this
 * release, and nobody may be told otherwise.
 */
export const checkGone = async (operation: Operation): Promise<Stop | undefined> => {
	const { subjects } = operation.plan;
	const isLeft = subjects.every((subject) => operation.states.get(subject).state === 'hidden');
	if (isLeft)
		return {
			state: 'HELD',
			reason: 'no default names this release any more; nothing was changed',
			next: null,
		};
	const stuck = subjects.filter((subject) => operation.states.get(subject).current === subject.pointer.next);
	if (stuck.length === 0) return undefined;
	for (const subject of stuck)
		operation.states.note(subject, { state: 'exposed', problem: 'the pointer cannot move back' });
	const reasons = stuck.map(
		(subject) =>
			`${subject.target}: ${subject.id}: ${operation.states.get(subject).remains?.[0] ?? 'still the default'}`,
	);
	return {
		state: 'HELD',
		reason: `${reasons.join('; ')}. Release a higher version to replace it`,
		next: null,
	};
};
