import {
	type Artifact,
	type Exposure,
	type Preflight,
	type PreflightRequest,
	type Presence,
	PUBLISHER_CONTRACT,
	type Publisher,
	parsePurl,
	SlipwayError,
	type Subject,
	type Traits,
	toSubjectId,
	type Withdrawal,
} from '@slipway/core';

/** What happens to one mutating request of a simulated target. */
export type SimulatedFault =
	/** Nothing arrives; the client sees no reply. */
	| 'lost-before'
	/** The change happens; the client sees no reply. */
	| 'lost-after'
	/** Refused with an error, nothing happens. */
	| 'refused';

/** The state of a simulated registry: what it holds, by digest, and where its pointers are. Survives its publishers. */
export class SimulatedRegistry {
	/** File name to sha256. */
	readonly files = new Map<string, string>();
	/** Subject id to version. */
	readonly pointers = new Map<string, string>();
	/** Every mutation that took effect, in order: "upload greet-1.0.0.tgz", "expose greet 1.0.0", … */
	readonly effects: string[] = [];
	/** Decides the fate of mutation number n (from 1); undefined: it succeeds. */
	fault: (mutation: string, n: number) => SimulatedFault | undefined = () => undefined;
	/** Probes that answer as before the last upload (a stale cache). */
	staleReads = 0;
	/** A pointer that names something can never be without a value again (npm's `latest`). */
	keepsPointers = false;
	/** While true every read says "unknown". */
	silent = false;
	#mutations = 0;

	/** Runs a mutation under the current faults. @throws Error where the client sees a failure */
	mutate(mutation: string, effect: () => void): void {
		this.#mutations += 1;
		const fault = this.fault(mutation, this.#mutations);
		if (fault === 'refused')
			throw new SlipwayError('SIMULATED_REFUSED', `${mutation} was refused`, { hint: 'none' });
		if (fault !== 'lost-before') {
			effect();
			this.effects.push(mutation);
		}
		if (fault !== undefined)
			throw new SlipwayError('SIMULATED_LOST', `the reply to ${mutation} was lost`, { hint: 'none' });
	}
}

const TRAITS: Traits = {
	hides: true,
	undo: 'pointer',
	seals: false,
	visibleWithin: 60_000,
	safeProbe: true,
	batch: 'each',
};

const toSubject = (target: string, artifact: Artifact, previous: string | null): Subject => {
	const version = parsePurl(artifact.purl).version ?? '';
	const pointer = { name: 'default', previous, next: version };
	return {
		target,
		id: toSubjectId(artifact.purl),
		version,
		artifacts: [artifact],
		mode: { name: 'tag', hides: true },
		pointer,
		dependsOn: [],
	};
};

/** A Publisher over a SimulatedRegistry: takes every artifact of purl type `type`. For tests of the transaction itself. */
export const simulatedPublisher = (
	registry: SimulatedRegistry,
	{
		id,
		type = 'generic',
		traits = {},
	}: { readonly id: string; readonly type?: string; readonly traits?: Partial<Traits> },
): Publisher => {
	const current = (subject: Subject): string | null => registry.pointers.get(subject.id) ?? null;
	const preflight = async (request: PreflightRequest): Promise<Preflight> => {
		if (request.operation === 'recover') return { findings: [], subjects: [] };
		const subjects =
			request.operation === 'release'
				? request.artifacts
						.filter(({ purl }) => parsePurl(purl).type === type)
						.map((artifact) =>
							toSubject(id, artifact, registry.pointers.get(toSubjectId(artifact.purl)) ?? null),
						)
				: request.subjects;
		return { findings: [], subjects: subjects.map((subject) => ({ subject, current: current(subject) })) };
	};
	const probe = async (artifact: Artifact): Promise<Presence> => {
		if (registry.silent) return { state: 'unknown', reason: 'no answer' };
		if (registry.staleReads > 0) {
			registry.staleReads -= 1;
			return { state: 'absent' };
		}
		const sha256 = registry.files.get(artifact.name);
		if (sha256 === undefined) return { state: 'absent' };
		return sha256 === artifact.digest.sha256 ? { state: 'match' } : { state: 'mismatch', found: { sha256 } };
	};
	const expose = async (subject: Subject, guard: () => Promise<void>): Promise<Exposure> => {
		const { previous, next } = subject.pointer;
		if (current(subject) === next) return { subject, outcome: 'already', current: next };
		if (current(subject) !== previous) return { subject, outcome: 'moved', current: current(subject) };
		await guard();
		registry.mutate(`expose ${subject.id} ${next}`, () => registry.pointers.set(subject.id, next));
		return { subject, outcome: 'exposed', current: current(subject) };
	};
	const withdraw = async (subject: Subject, guard: () => Promise<void>): Promise<Withdrawal> => {
		const { previous, next } = subject.pointer;
		if (current(subject) === previous) return { subject, outcome: 'already', current: previous, remains: [] };
		if (current(subject) !== next)
			return { subject, outcome: 'not-ours', current: current(subject), remains: [] };
		await guard();
		registry.mutate(`withdraw ${subject.id} ${next}`, () => {
			if (previous === null && !registry.keepsPointers) registry.pointers.delete(subject.id);
			else if (previous === null) return;
			else registry.pointers.set(subject.id, previous);
		});
		return { subject, outcome: 'withdrawn', current: current(subject), remains: ['its bytes'] };
	};
	const expectPointer = (subject: Subject, expected: string | null): void => {
		if (current(subject) === expected) return;
		throw new SlipwayError(
			'SIMULATED_POINTER',
			`expected ${subject.id} at ${expected}, got ${current(subject)}`,
			{ hint: 'none' },
		);
	};
	return {
		contract: PUBLISHER_CONTRACT,
		id,
		description: `simulated ${id}`,
		traits: { ...TRAITS, ...traits },
		transient: ['SIMULATED_POINTER', 'SIMULATED_LOST'],
		preflight,
		probe,
		upload: async (artifact, _, { guard }) => {
			await guard();
			try {
				registry.mutate(`upload ${artifact.name}`, () =>
					registry.files.set(artifact.name, artifact.digest.sha256),
				);
				return { outcome: 'accepted' };
			} catch (thrown) {
				if (thrown instanceof SlipwayError && thrown.code === 'SIMULATED_LOST')
					return { outcome: 'unknown', reason: thrown.message };
				throw thrown;
			}
		},
		expose: async (subjects, { guard }) => {
			const exposures: Exposure[] = [];
			for (const subject of subjects) exposures.push(await expose(subject, guard));
			return exposures;
		},
		verify: async (subjects, state) => {
			for (const subject of subjects) {
				if (state === 'exposed') expectPointer(subject, subject.pointer.next);
				if (state === 'withdrawn') expectPointer(subject, subject.pointer.previous);
			}
			return subjects.map((subject) => ({ subject, client: 'simulated client', checks: ['pointer'] }));
		},
		withdraw: async (subjects, _, { guard }) => {
			const withdrawals: Withdrawal[] = [];
			for (const subject of subjects) withdrawals.push(await withdraw(subject, guard));
			return withdrawals;
		},
	};
};
