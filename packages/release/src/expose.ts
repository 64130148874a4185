import type { Exposure, Publisher, Subject } from '@slipway/core';
import { MAX_TRIES, toBackoffMs } from './backoff.ts';
import { isFatal, isTransient, type Lane, type Operation, type Stop, toLanes } from './operation.ts';
import { toProblem } from './subject-states.ts';
import { inParallel } from './upload.ts';

/** The calls in which a target's subjects are changed: one for all, or one each in their order. */
export const toBatches = ({ publisher, subjects }: Lane): (readonly Subject[])[] =>
	publisher.traits.batch === 'all' ? [subjects] : subjects.map((subject) => [subject]);

/** A release can be planned afresh from what is there now; a restore cannot: something newer has taken its place. */
const toMoved = ({ plan, fence }: Operation, moved: readonly string[]): Stop => ({
	state: 'HELD',
	reason: `${moved.join('; ')}: somebody else moved it`,
	next: fence.operation === 'release' ? `slipway continue ${plan.version} --repoint` : null,
});

/**
 * Before the first pointer moves: is each still where the plan saw it, or already ours?
 * What has been moved by somebody else stops the operation while all is still hidden.
 */
export const checkPointers = async (operation: Operation): Promise<Stop | undefined> => {
	const looks = await inParallel(toLanes(operation), (lane) => lookAtPointers(operation, lane));
	const unseen = looks.flatMap(({ unseen }) => unseen);
	if (unseen.length > 0) return { state: 'HELD', reason: `pointers cannot be read: ${unseen.join('; ')}` };
	const moved = looks.flatMap(({ moved }) => moved);
	return moved.length > 0 ? toMoved(operation, moved) : undefined;
};

interface Look {
	readonly moved: readonly string[];
	readonly unseen: readonly string[];
}

/** A target that does not answer has not said that its pointers are where they were. */
const lookAtPointers = async (operation: Operation, { publisher, subjects }: Lane): Promise<Look> => {
	const answer = await publisher.preflight({ operation: 'status', subjects }, operation.context);
	const errors = answer.findings.filter(({ severity }) => severity === 'error');
	if (errors.length > 0 || answer.subjects.length < subjects.length) {
		return {
			moved: [],
			unseen: [
				`${publisher.id}: ${errors.map(({ code, message }) => `${code} ${message}`).join(', ') || 'no answer'}`,
			],
		};
	}
	const moved = answer.subjects.flatMap(({ subject, current }) => {
		operation.states.note(subject, { current });
		const { name, previous, next } = subject.pointer;
		if (current === previous || current === next) return [];
		return [
			`${publisher.id}: ${subject.id} ${name}: expected ${previous ?? 'nothing'}, got ${current ?? 'nothing'}`,
		];
	});
	return { moved, unseen: [] };
};

/**
 * Runs an idempotent change again after a failure that time can heal, a bounded number of times. What is refused for good
 * (a key, a credential, a policy) is refused at once.
 */
export const retrying = async <T>(
	operation: Operation,
	publisher: Publisher,
	change: () => Promise<T>,
): Promise<T> => {
	const { clock, signal, log } = operation.context;
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await change();
		} catch (thrown) {
			if (attempt >= MAX_TRIES || isFatal(thrown, operation.context) || !isTransient(thrown, publisher))
				throw thrown;
			log.warning(`${publisher.id}: ${toProblem(thrown)}; trying again`);
			await clock.sleep(toBackoffMs(attempt, `${operation.releaseId} change ${publisher.id}`), signal);
		}
	}
};

const noteExposure = (operation: Operation, { subject, outcome, current }: Exposure): void => {
	const found =
		outcome === 'moved'
			? { problem: `the pointer was moved to ${current ?? 'nothing'} by somebody else` }
			: { state: 'exposed' as const };
	operation.states.note(subject, { current, ...found });
};

const exposeBatch = async (
	operation: Operation,
	{ publisher }: Lane,
	batch: readonly Subject[],
): Promise<Stop | undefined> => {
	try {
		const exposures = await retrying(operation, publisher, () => publisher.expose(batch, operation.change));
		for (const exposure of exposures) noteExposure(operation, exposure);
		const moved = exposures.filter(({ outcome }) => outcome === 'moved');
		if (moved.length === 0) return undefined;
		return toMoved(
			operation,
			moved.map(
				({ subject, current }) =>
					`${publisher.id}: ${subject.id} ${subject.pointer.name} is now ${current ?? 'nothing'}`,
			),
		);
	} catch (thrown) {
		if (isFatal(thrown, operation.context)) throw thrown;
		for (const subject of batch) operation.states.note(subject, { problem: toProblem(thrown) });
		return { state: 'HELD', reason: `${publisher.id}: ${toProblem(thrown)}` };
	}
};

/** Moves the pointers: what seals first, then all others, one short change after the other. Stops at the first that fails. */
export const exposeAll = async (operation: Operation): Promise<Stop | undefined> => {
	for (const lane of toLanes(operation)) {
		operation.context.log.info(`${lane.publisher.id}: exposing`);
		for (const batch of toBatches(lane)) {
			const stop = await exposeBatch(operation, lane, batch);
			if (stop) return stop;
		}
		await operation.records.record(`expose-${lane.publisher.id}`, {
			phase: 'expose',
			target: lane.publisher.id,
			pointers: lane.subjects.map(({ id, pointer }) => ({ subject: id, ...pointer })),
		});
	}
	return undefined;
};
