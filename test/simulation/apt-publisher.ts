import {
	type Artifact,
	type ChangeContext,
	type Preflight,
	PUBLISHER_CONTRACT,
	type Publisher,
	type Subject,
	type UploadOutcome,
	type Withdrawal,
} from '@slipway/core';
import {
	type Apt,
	CLOCK_LIMIT_MS,
	CONFLICTS,
	checkClock,
	nameOf,
	plan,
	probe,
	readState,
	toError,
	toPath,
	verifyAll,
} from './apt-reads.ts';
import type { AptRepository, SignedState } from './apt-repository.ts';
import { type Reach, refuse, send, verifyDisk, waitAsAsked } from './target.ts';
import { toUnanswered } from './wire.ts';

type Move = {
	readonly subject: Subject;
	readonly outcome: 'moves' | 'already' | 'others';
	readonly current: string | null;
};

const upload = async (apt: Apt, artifact: Artifact, { guard }: ChangeContext): Promise<UploadOutcome> => {
	verifyDisk(apt, artifact);
	await guard();
	const { pool } = apt.repository;
	const path = toPath(artifact);
	const effect = () => {
		const found = pool.get(path);
		if (found === undefined) pool.set(path, artifact.digest.sha256);
		return found === undefined || found === artifact.digest.sha256;
	};
	const answer = await send(apt, { what: `create ${path}`, mutates: true, brings: artifact.name, effect });
	if (answer.kind === 'lost') return { outcome: 'unknown', reason: answer.reason };
	if (answer.kind === 'refused')
		return { outcome: 'unknown', reason: String(answer.status), retryAfterMs: answer.retryAfterMs };
	return answer.value ? { outcome: 'accepted' } : { outcome: 'unknown', reason: 'other bytes lie there' };
};

const judge = (state: SignedState, subject: Subject, isBack: boolean): Move => {
	const { previous, next } = subject.pointer;
	const [from, to] = isBack ? [next, previous] : [previous, next];
	const current = state.offers.get(nameOf(subject)) ?? null;
	if (current === to) return { subject, outcome: 'already', current };
	return current === from
		? { subject, outcome: 'moves', current: to }
		: { subject, outcome: 'others', current };
};

/** Never older than what is served, never more than five seconds ahead of the own clock: it waits for that. */
const toDate = async (apt: Apt, { date }: SignedState): Promise<number> => {
	const { clock, signal } = apt.process.context;
	const next = Math.max(clock.now(), date + 1000);
	const ahead = next - clock.now() - CLOCK_LIMIT_MS;
	if (ahead > 60_000) throw refuse('SIMULATED_CLOCK_WRONG', `the served Release is ${ahead} ms ahead`);
	if (ahead > 0) await clock.sleep(ahead, signal);
	if (checkClock(apt).length > 0) throw refuse('SIMULATED_CLOCK_WRONG', 'the clock is wrong');
	return next;
};

const put = async <Value>(
	apt: Apt,
	{ what, effect }: { readonly what: string; readonly effect: () => Value },
	{ guard }: ChangeContext,
): Promise<Value> => {
	await guard();
	const answer = await send(apt, { what, mutates: true, effect });
	await waitAsAsked(apt, answer);
	if (answer.kind === 'answer') return answer.value;
	throw toUnanswered('SIMULATED_LOST', `${apt.id}: ${what}`, answer);
};

/** Indexes by hash, then InRelease by compare-and-set; another's publish in between is built upon. */
const movePointers = async (
	apt: Apt,
	{ subjects, isBack }: { readonly subjects: readonly Subject[]; readonly isBack: boolean },
	change: ChangeContext,
): Promise<readonly Move[]> => {
	const { repository, process, wire } = apt;
	for (let tries = 1; ; tries += 1) {
		const { value: state, at: seenAt } = await readState(apt);
		const moves = subjects.map((subject) => judge(state, subject, isBack));
		const own = moves.filter(({ outcome }) => outcome === 'moves');
		if (own.length === 0) return moves;
		const date = await toDate(apt, state);
		const offers = new Map(state.offers);
		for (const { subject, current } of own) {
			if (current === null) offers.delete(nameOf(subject));
			else offers.set(nameOf(subject), current);
		}
		await put(apt, { what: `create by-hash/${state.serial + 1}`, effect: () => {} }, change);
		const next = { serial: state.serial + 1, date, offers };
		const effect = () => {
			if (repository.state.serial !== state.serial) return false;
			for (const { subject, current: to } of own) {
				const { previous, next: ours } = subject.pointer;
				const move = { key: nameOf(subject), from: isBack ? ours : previous, to, seenAt };
				repository.pointers.move(process, move, wire.time.now);
			}
			return repository.sign(next, state.serial, wire.time.now);
		};
		if (await put(apt, { what: `replace InRelease ${[...offers].join(' ')}`, effect }, change)) return moves;
		if (tries === CONFLICTS) throw refuse('SIMULATED_LOST', 'others publish all the time');
	}
};

const withdrawHidden = async (apt: Apt, subject: Subject, change: ChangeContext): Promise<Withdrawal> => {
	const { value: state } = await readState(apt);
	const current = state.offers.get(nameOf(subject)) ?? null;
	let isRemoved = false;
	for (const artifact of subject.artifacts) {
		if (current === subject.pointer.next || (await probe(apt, artifact)).state !== 'match') continue;
		const effect = () => apt.repository.pool.delete(toPath(artifact));
		isRemoved = (await put(apt, { what: `remove ${toPath(artifact)}`, effect }, change)) || isRemoved;
	}
	return { subject, outcome: isRemoved ? 'withdrawn' : 'already', current, remains: [] };
};

/** A Publisher with the requests and the decisions of the real one, over a repository in memory. */
export const simulatedApt = (reach: Reach, repository: AptRepository): Publisher => {
	const apt: Apt = { ...reach, repository };
	const { signal } = reach.process.context;
	const examine = async (operation: string, subjects: readonly Subject[]): Promise<Preflight> => {
		const { value: state } = await readState(apt);
		const findings = operation === 'rollback' || operation === 'restore' ? [...checkClock(apt)] : [];
		for (const artifact of operation === 'restore' ? subjects.flatMap(({ artifacts }) => artifacts) : [])
			if ((await probe(apt, artifact)).state !== 'match')
				findings.push(toError('SIMULATED_BYTES_MISSING', `${artifact.name} is not what was planned`));
		return {
			findings,
			subjects: subjects.map((subject) => ({ subject, current: state.offers.get(nameOf(subject)) ?? null })),
		};
	};
	return {
		contract: PUBLISHER_CONTRACT,
		id: reach.id,
		description: `simulated apt repository ${reach.id}`,
		traits: {
			hides: true,
			undo: 'full',
			seals: false,
			visibleWithin: 600_000,
			safeProbe: true,
			batch: 'all',
		},
		transient: ['SIMULATED_UNREACHABLE', 'SIMULATED_POINTER', 'SIMULATED_LOST'],
		preflight: async (request) => {
			try {
				if (request.operation === 'release') return await plan(apt, request.artifacts);
				if (request.operation === 'recover') return { findings: [], subjects: [] };
				return await examine(request.operation, request.subjects);
			} catch (thrown) {
				if (signal.aborted) throw thrown;
				return { findings: [toError('SIMULATED_UNREACHABLE', String(thrown))], subjects: [] };
			}
		},
		probe: (artifact) =>
			probe(apt, artifact).catch((thrown) => {
				if (signal.aborted) throw thrown;
				return { state: 'unknown', reason: String(thrown) };
			}),
		upload: (artifact, _subject, change) => upload(apt, artifact, change),
		expose: async (subjects, change) => {
			change.context.signal.throwIfAborted();
			const outcomes = { moves: 'exposed', already: 'already', others: 'moved' } as const;
			const moves = await movePointers(apt, { subjects, isBack: false }, change);
			return moves.map(({ subject, outcome, current }) => ({
				subject,
				outcome: outcomes[outcome],
				current,
			}));
		},
		verify: async (subjects, state) => {
			await verifyAll(apt, subjects, state);
			return subjects.map((subject) => ({ subject, client: 'simulated apt', checks: ['InRelease'] }));
		},
		withdraw: async (subjects, from, change) => {
			if (from === 'hidden') {
				const withdrawals: Withdrawal[] = [];
				for (const subject of subjects) withdrawals.push(await withdrawHidden(apt, subject, change));
				return withdrawals;
			}
			const outcomes = { moves: 'withdrawn', already: 'already', others: 'not-ours' } as const;
			const moves = await movePointers(apt, { subjects, isBack: true }, change);
			return moves.map(({ subject, outcome, current }) => ({
				subject,
				outcome: outcomes[outcome],
				current,
				remains: [`machines that installed ${subject.id} keep it`],
			}));
		},
	};
};
