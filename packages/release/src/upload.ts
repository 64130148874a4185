import type { Artifact, Presence, Subject } from '@slipway/core';
import { MAX_TRIES, toBackoffMs } from './backoff.ts';
import { isFatal, type Lane, type Operation, type Stop, toLanes } from './operation.ts';
import { toProblem } from './subject-states.ts';

type Settled =
	/** `sent`: by this run. */
	| { readonly at: 'match'; readonly sent: boolean }
	| (Stop & { readonly at: 'stop'; readonly seen: 'mismatch' | 'pending' | 'unknown' | 'absent' });

const stop = (
	state: Stop['state'],
	seen: 'mismatch' | 'pending' | 'unknown' | 'absent',
	reason: string,
): Settled => ({ at: 'stop', state, seen, reason });

/** What is known about the write of one artifact besides what the target shows. */
interface Attempts {
	/** Uploads sent by this run. */
	sent: number;
	/** The target said that it took the bytes: absence is a delay from then on, never a reason to send them again. */
	accepted: boolean;
	/** An earlier run of this release may have sent them. */
	readonly resumed: boolean;
	/**
	 * Milliseconds slept since the last upload ended, before it since this run began: what was sent may appear all the
	 * while. Not the clock's difference: a clock that jumps a day ahead makes nothing visible.
	 */
	waited: number;
}

const isWithin = (lane: Lane, { waited }: Attempts): boolean => waited < lane.publisher.traits.visibleWithin;

/** Whether absence may be a delay: then wait; a target whose identical write is a read needs no waiting after a lost reply. */
const mayAppear = (lane: Lane, attempts: Attempts): boolean => {
	const possible =
		attempts.accepted || (!lane.publisher.traits.safeProbe && (attempts.sent > 0 || attempts.resumed));
	return possible && isWithin(lane, attempts);
};

const toDecision = (presence: Presence, lane: Lane, attempts: Attempts): Settled | 'wait' | 'upload' => {
	const { traits } = lane.publisher;
	switch (presence.state) {
		case 'match':
			return { at: 'match', sent: attempts.sent > 0 };
		case 'mismatch':
			return stop(
				'STOPPED_MISMATCH',
				'mismatch',
				`the target holds other bytes under this version: sha256 ${presence.found.sha256 ?? 'unknown'}, sha512 ${presence.found.sha512 ?? 'unknown'}`,
			);
		case 'pending':
			if (presence.waitsFor === 'person' || !isWithin(lane, attempts))
				return stop('PENDING_EXTERNAL', 'pending', presence.reason);
			return 'wait';
		case 'unknown':
			if (traits.safeProbe && attempts.sent > 0 && attempts.sent < MAX_TRIES && !attempts.accepted)
				return 'upload';
			return isWithin(lane, attempts) && attempts.accepted
				? 'wait'
				: stop('HELD', 'unknown', presence.reason);
		case 'absent':
			if (mayAppear(lane, attempts)) return 'wait';
			if (attempts.accepted)
				return stop('PENDING_EXTERNAL', 'pending', 'accepted by the target, but not visible yet');
			return attempts.sent < MAX_TRIES
				? 'upload'
				: stop('HELD', 'absent', `not accepted after ${MAX_TRIES} tries`);
	}
};

/** Probes a few times before an "unknown" counts: a read may be repeated. */
const probe = async (operation: Operation, lane: Lane, artifact: Artifact): Promise<Presence> => {
	const { context } = operation;
	for (let attempt = 1; ; attempt += 1) {
		const presence = await lane.publisher.probe(artifact, context);
		if (presence.state !== 'unknown' || attempt >= MAX_TRIES) return presence;
		context.log.debug(`${lane.publisher.id}: ${artifact.name}: ${presence.reason}; asking again`);
		await context.clock.sleep(
			toBackoffMs(attempt, `${operation.releaseId} probe ${artifact.name}`),
			context.signal,
		);
	}
};

const send = async (
	operation: Operation,
	lane: Lane,
	{ artifact, subject, attempts }: { artifact: Artifact; subject: Subject; attempts: Attempts },
): Promise<void> => {
	const { context, change } = operation;
	context.log.info(`${lane.publisher.id}: uploading ${artifact.name}`);
	attempts.sent += 1;
	const result = await lane.publisher.upload(artifact, subject, change);
	attempts.waited = 0;
	if (result.outcome === 'accepted') {
		attempts.accepted = true;
		return;
	}
	context.log.warning(
		`${lane.publisher.id}: the reply for ${artifact.name} is not known (${result.reason}); asking the target`,
	);
	if (result.retryAfterMs === undefined) return;
	await context.clock.sleep(result.retryAfterMs, context.signal);
	attempts.waited += result.retryAfterMs;
};

/**
 * Brings one artifact to "the target holds exactly these bytes": probe, then upload only what is absent, then read back.
 * A lost reply is settled by the next probe; a write is repeated only where the target is known not to have it.
 */
const settle = async (
	operation: Operation,
	lane: Lane,
	{ artifact, subject }: { artifact: Artifact; subject: Subject },
): Promise<Settled> => {
	const { clock, signal } = operation.context;
	const sleep = async (ms: number): Promise<void> => {
		await clock.sleep(ms, signal);
		attempts.waited += ms;
	};
	const attempts: Attempts = {
		sent: 0,
		accepted: false,
		resumed: operation.resumed,
		waited: 0,
	};
	for (let round = 1; ; round += 1) {
		const decision = toDecision(await probe(operation, lane, artifact), lane, attempts);
		if (decision === 'upload') {
			if (attempts.sent > 0)
				await sleep(toBackoffMs(attempts.sent, `${operation.releaseId} ${artifact.name}`));
			await send(operation, lane, { artifact, subject, attempts });
		} else if (decision === 'wait') {
			await sleep(toBackoffMs(round, `${operation.releaseId} wait ${artifact.name}`));
		} else {
			return decision;
		}
	}
};

const toOutcome = ({ target, id, version, artifacts }: Subject): object => ({
	phase: 'upload',
	target,
	subject: id,
	version,
	digests: artifacts.map(({ name, digest }) => ({ name, sha256: digest.sha256 })),
});

const uploadSubject = async (
	operation: Operation,
	lane: Lane,
	subject: Subject,
): Promise<Stop | undefined> => {
	const { states, records, plan } = operation;
	let isChanged = false;
	for (const artifact of subject.artifacts) {
		const settled = await settle(operation, lane, { artifact, subject });
		if (settled.at === 'stop') {
			const reason = `${lane.publisher.id}: ${artifact.name}: ${settled.reason}`;
			states.note(subject, { state: settled.seen, problem: settled.reason });
			return { state: settled.state, reason };
		}
		isChanged ||= settled.sent;
	}
	states.note(subject, { state: subject.mode.hides ? 'hidden' : 'exposed' });
	const name = `upload-${subject.target}-${plan.subjects.indexOf(subject)}`;
	if (isChanged) await records.record(name, toOutcome(subject));
	else records.note(name, toOutcome(subject));
	return undefined;
};

const uploadLane = async (operation: Operation, lane: Lane): Promise<Stop | undefined> => {
	for (const subject of lane.subjects) {
		try {
			const stopped = await uploadSubject(operation, lane, subject);
			if (stopped) return stopped;
		} catch (thrown) {
			if (isFatal(thrown, operation.context)) throw thrown;
			operation.states.note(subject, { problem: toProblem(thrown) });
			return { state: 'HELD', reason: `${lane.publisher.id}: ${subject.id}: ${toProblem(thrown)}` };
		}
	}
	return undefined;
};

/** The gravest comes first: what a person must look at before what time heals. */
const GRAVITY: readonly Stop['state'][] = ['STOPPED_MISMATCH', 'HELD', 'PENDING_EXTERNAL'];

export const toGravest = (stops: readonly (Stop | undefined)[]): Stop | undefined => {
	const found = stops
		.filter((stop) => stop !== undefined)
		.sort((a, b) => GRAVITY.indexOf(a.state) - GRAVITY.indexOf(b.state));
	const [gravest] = found;
	return gravest && { ...gravest, reason: found.map(({ reason }) => reason).join('; ') };
};

/** All results, also when one lane throws: no lane is left running while the operation ends. */
export const inParallel = async <T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> => {
	const results = await Promise.allSettled(items.map(task));
	const failed = results.find((result) => result.status === 'rejected');
	if (failed) throw failed.reason;
	return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
};

/** Puts the bytes of every subject that can hide where nobody resolves them by default; targets in parallel. */
export const uploadHidden = async (operation: Operation): Promise<Stop | undefined> => {
	const lanes = toLanes(operation, ({ mode }) => mode.hides);
	return toGravest(await inParallel(lanes, (lane) => uploadLane(operation, lane)));
};

const UNDO_ORDER = ['full', 'pointer', 'none'];

/** Publishes what cannot hide, one target after the other, the easiest to undo first. */
export const uploadDirect = async (operation: Operation): Promise<Stop | undefined> => {
	const lanes = toLanes(operation, ({ mode }) => !mode.hides);
	lanes.sort(
		(a, b) => UNDO_ORDER.indexOf(a.publisher.traits.undo) - UNDO_ORDER.indexOf(b.publisher.traits.undo),
	);
	for (const lane of lanes) {
		const stop = await uploadLane(operation, lane);
		if (stop) return stop;
	}
	return undefined;
};
