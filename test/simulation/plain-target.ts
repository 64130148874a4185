import {
	type Artifact,
	PUBLISHER_CONTRACT,
	type Publisher,
	type Subject,
	toSubjectId,
	type Withdrawal,
} from '@slipway/core';
import { type OnMove, Pointers } from './pointers.ts';
import { isLower, type Reach, read, refuse, send, toIdentity, verifyDisk, waitAsAsked } from './target.ts';

/**
 * A target of the hardest kind that the contract allows: sending the same bytes again is a second effect, and what was
 * accepted may stay unseen for a while, so that absence is proof only after that time.
 */
export class PlainTarget {
	readonly pointers: Pointers;
	readonly files = new Map<string, { readonly sha256: string; readonly visibleAt: number }>();
	readonly broken: string[] = [];
	readonly #toDelayMs: () => number;

	constructor(onMove?: OnMove, toDelayMs: () => number = () => 0) {
		this.pointers = new Pointers(onMove);
		this.#toDelayMs = toDelayMs;
	}

	take(name: string, sha256: string, now: number): void {
		if (this.files.get(name)?.sha256 === sha256) this.broken.push(`${name} took effect twice`);
		if (!this.files.has(name)) this.files.set(name, { sha256, visibleAt: now + this.#toDelayMs() });
	}
}

export const PLAIN_VISIBLE_MS = 300_000;

const nameOf = ({ id }: Pick<Subject, 'id'>): string => toIdentity(id).name;

type Ends = { readonly from: string | null; readonly to: string | null };

/** A Publisher over it. */
export const simulatedPlain = (reach: Reach, target: PlainTarget): Publisher => {
	const { wire, process } = reach;
	const { signal } = process.context;
	const readPointer = (subject: Subject) =>
		read(reach, `GET pointer of ${nameOf(subject)}`, () => target.pointers.get(nameOf(subject)));
	const readFile = (name: string) =>
		read(reach, `GET ${name}`, () => {
			const file = target.files.get(name);
			return file && file.visibleAt <= wire.time.now ? file.sha256 : undefined;
		});
	const toSubject = (artifact: Artifact, previous: string | null): Subject => ({
		target: reach.id,
		id: toSubjectId(artifact.purl),
		version: toIdentity(artifact.purl).version,
		artifacts: [artifact],
		mode: { name: 'hidden', hides: true },
		pointer: { name: 'default', previous, next: toIdentity(artifact.purl).version },
		dependsOn: [],
	});
	const plan: (all: readonly Artifact[]) => ReturnType<Publisher['preflight']> = async (all) => {
		const findings: { severity: 'error'; code: string; message: string; hint: string }[] = [];
		const subjects: { subject: Subject; current: string | null }[] = [];
		for (const artifact of all.filter(({ purl }) => purl.startsWith('pkg:generic/'))) {
			const found = (await readFile(artifact.name)).value;
			const { value: previous } = await readPointer(toSubject(artifact, null));
			const { version } = toIdentity(artifact.purl);
			const isTaken = found !== undefined && found !== artifact.digest.sha256;
			if (isTaken || (previous !== null && isLower(version, previous)))
				findings.push({ severity: 'error', code: 'SIMULATED_TAKEN', message: artifact.name, hint: 'Look.' });
			subjects.push({ subject: toSubject(artifact, previous), current: previous });
		}
		return { findings, subjects };
	};
	const move = async (
		subject: Subject,
		{ from, to }: Ends,
		guard: () => Promise<void>,
	): Promise<{ readonly outcome: 'moved' | 'already' | 'others'; readonly current: string | null }> => {
		signal.throwIfAborted();
		const { value: before, at: seenAt } = await readPointer(subject);
		if (before === to) return { outcome: 'already', current: before };
		if (before !== from) return { outcome: 'others', current: before };
		await guard();
		const key = nameOf(subject);
		const effect = () => target.pointers.move(process, { key, from, to, seenAt }, wire.time.now);
		const answer = await send(reach, { what: `PUT pointer of ${key} ${to}`, mutates: true, effect });
		await waitAsAsked(reach, answer);
		const { value: current } = await readPointer(subject);
		if (current === to || (answer.kind === 'answer' && current === from))
			return { outcome: 'moved', current: to };
		if (current !== from) return { outcome: 'others', current };
		throw refuse('SIMULATED_LOST', `${key}: ${answer.kind}`);
	};
	return {
		contract: PUBLISHER_CONTRACT,
		id: reach.id,
		description: `simulated target ${reach.id}`,
		traits: {
			hides: true,
			undo: 'pointer',
			seals: false,
			visibleWithin: PLAIN_VISIBLE_MS,
			safeProbe: false,
			batch: 'each',
		},
		transient: ['SIMULATED_UNREACHABLE', 'SIMULATED_NOT_VISIBLE', 'SIMULATED_POINTER', 'SIMULATED_LOST'],
		preflight: async (request) => {
			try {
				if (request.operation === 'release') return await plan(request.artifacts);
				if (request.operation === 'recover') return { findings: [], subjects: [] };
				const subjects: { subject: Subject; current: string | null }[] = [];
				for (const subject of request.subjects)
					subjects.push({ subject, current: (await readPointer(subject)).value });
				return { findings: [], subjects };
			} catch (thrown) {
				if (signal.aborted) throw thrown;
				const finding = { severity: 'error', code: 'SIMULATED_UNREACHABLE', hint: 'Wait.' } as const;
				return { findings: [{ ...finding, message: String(thrown) }], subjects: [] };
			}
		},
		probe: async ({ name, digest }) => {
			try {
				const { value: found } = await readFile(name);
				if (found === undefined) return { state: 'absent' };
				return found === digest.sha256 ? { state: 'match' } : { state: 'mismatch', found: { sha256: found } };
			} catch (thrown) {
				if (signal.aborted) throw thrown;
				return { state: 'unknown', reason: String(thrown) };
			}
		},
		upload: async (artifact, _subject, { guard }) => {
			verifyDisk(reach, artifact);
			const { name, digest } = artifact;
			await guard();
			const effect = () => target.take(name, digest.sha256, wire.time.now);
			const answer = await send(reach, { what: `PUT ${name}`, mutates: true, brings: name, effect });
			if (answer.kind === 'answer') return { outcome: 'accepted' };
			return answer.kind === 'lost'
				? { outcome: 'unknown', reason: answer.reason }
				: { outcome: 'unknown', reason: `${answer.status}`, retryAfterMs: answer.retryAfterMs };
		},
		expose: async (subjects, { guard }) => {
			const outcomes = { moved: 'exposed', already: 'already', others: 'moved' } as const;
			const exposures: Awaited<ReturnType<Publisher['expose']>>[number][] = [];
			for (const subject of subjects) {
				const { previous, next } = subject.pointer;
				const { outcome, current } = await move(subject, { from: previous, to: next }, guard);
				exposures.push({ subject, outcome: outcomes[outcome], current });
			}
			return exposures;
		},
		verify: async (subjects, state) => {
			for (const subject of subjects) {
				const { previous, next } = subject.pointer;
				const { value: current } = await readPointer(subject);
				const expected = state === 'exposed' ? next : state === 'withdrawn' ? previous : current;
				if (current !== expected) throw refuse('SIMULATED_POINTER', `expected ${expected}, got ${current}`);
				for (const { name, digest } of state === 'withdrawn' ? [] : subject.artifacts)
					if ((await readFile(name)).value !== digest.sha256) throw refuse('SIMULATED_NOT_VISIBLE', name);
			}
			return subjects.map((subject) => ({ subject, client: 'simulated client', checks: ['pointer'] }));
		},
		withdraw: async (subjects, from, { guard }) => {
			const outcomes = { moved: 'withdrawn', already: 'already', others: 'not-ours' } as const;
			const withdrawals: Withdrawal[] = [];
			for (const subject of subjects) {
				const { previous, next } = subject.pointer;
				const remains = [`the bytes of ${subject.id}`];
				const { value: before } = await readPointer(subject);
				if (from === 'hidden' && before !== next) {
					withdrawals.push({ subject, outcome: 'already', current: before, remains });
					continue;
				}
				const { outcome, current } = await move(subject, { from: next, to: previous }, guard);
				withdrawals.push({ subject, outcome: outcomes[outcome], current, remains });
			}
			return withdrawals;
		},
	};
};
