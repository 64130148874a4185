/** A target in memory and its publisher, which keeps the contract or breaks one promise of it: the proof that the suite can fail. */
import {
	type Artifact,
	type ChangeContext,
	type Context,
	type Exposure,
	isSameDigest,
	PUBLISHER_CONTRACT,
	type Publisher,
	parsePurl,
	SlipwayError,
	type Subject,
	toSubjectId,
	type Withdrawal,
} from '@slipway/core';

export type BrokenPromise =
	| 'matchesByVersion'
	| 'exposesOnUpload'
	| 'replacesBytes'
	| 'sendsAnyBytes'
	| 'exposesOverOthers'
	| 'withdrawsFromOthers'
	| 'ignoresTheGuard'
	| 'asksTheGuardOnce'
	| 'takesSilenceForAbsence'
	| 'verifiesNothing'
	| 'forgetsWhatRemains';

/** What the target holds; it outlives its publishers. */
export class ModelTarget {
	/** Purl to sha256. */
	readonly files = new Map<string, string>();
	/** Subject id to the version that a default client gets. */
	readonly pointers = new Map<string, string>();
	mutations = 0;
	loseNext = false;

	mutate(effect: () => void): void {
		this.mutations += 1;
		effect();
		if (!this.loseNext) return;
		this.loseNext = false;
		throw fail('MODEL_LOST', 'no reply');
	}
}

const fail = (code: string, message: string): SlipwayError =>
	new SlipwayError(code, message, { hint: 'Try again.' });

const toSubject = (artifact: Artifact, previous: string | null): Subject => {
	const version = parsePurl(artifact.purl).version ?? '';
	return {
		target: 'model',
		id: toSubjectId(artifact.purl),
		version,
		artifacts: [artifact],
		mode: { name: 'hidden', hides: true },
		pointer: { name: 'default', previous, next: version },
		dependsOn: [],
	};
};

interface Model {
	readonly target: ModelTarget;
	/** The bytes' true digests, by path. */
	readonly sha256: ReadonlyMap<string, string>;
	readonly broken?: BrokenPromise | undefined;
	readonly reachable?: boolean;
}

const current = ({ target }: Model, { id }: Pick<Subject, 'id'>) => target.pointers.get(id) ?? null;

const reach = ({ reachable = true }: Model, { signal }: Context): void => {
	if (!reachable || signal.aborted) throw fail('MODEL_UNREACHABLE', 'no answer');
};

const ask = async ({ broken }: Model, { guard }: ChangeContext, index = 0): Promise<void> => {
	if (broken === 'ignoresTheGuard' || (broken === 'asksTheGuardOnce' && index > 0)) return;
	await guard();
};

type Verb<Name extends keyof Publisher> = (model: Model) => Publisher[Name];

const toPreflight: Verb<'preflight'> = (model) => async (request) => {
	const toError = (code: string) => ({ severity: 'error', code, message: code, hint: 'Wait.' }) as const;
	if (model.reachable === false) return { findings: [toError('MODEL_UNREACHABLE')], subjects: [] };
	if (request.operation === 'recover') return { findings: [], subjects: [] };
	const subjects =
		request.operation === 'release'
			? request.artifacts.map((artifact) =>
					toSubject(artifact, current(model, { id: toSubjectId(artifact.purl) })),
				)
			: request.subjects;
	const conflicts = subjects
		.flatMap(({ artifacts }) => artifacts)
		.filter(({ purl, digest }) => (model.target.files.get(purl) ?? digest.sha256) !== digest.sha256);
	return {
		findings: conflicts.map(() => toError('MODEL_CONFLICT')),
		subjects: subjects.map((subject) => ({ subject, current: current(model, subject) })),
	};
};

const toProbe: Verb<'probe'> =
	({ target, broken, reachable }) =>
	async ({ purl, digest }) => {
		if (reachable === false)
			return broken === 'takesSilenceForAbsence'
				? { state: 'absent' }
				: { state: 'unknown', reason: 'no answer' };
		const found = target.files.get(purl);
		if (found === undefined) return { state: 'absent' };
		const isOurs = broken === 'matchesByVersion' || isSameDigest({ sha256: found }, digest);
		return isOurs ? { state: 'match' } : { state: 'mismatch', found: { sha256: found } };
	};

const toUpload: Verb<'upload'> = (model) => async (artifact, subject, change) => {
	const { target, sha256, broken } = model;
	reach(model, change.context);
	const truth = sha256.get(artifact.path) ?? '';
	if (truth !== artifact.digest.sha256 && broken !== 'sendsAnyBytes')
		throw fail('MODEL_CHANGED', 'other bytes');
	await ask(model, change);
	try {
		target.mutate(() => {
			if (!target.files.has(artifact.purl) || broken === 'replacesBytes')
				target.files.set(artifact.purl, truth);
			if (broken === 'exposesOnUpload') target.pointers.set(subject.id, subject.version);
		});
		return { outcome: 'accepted' };
	} catch (error) {
		return { outcome: 'unknown', reason: String(error) };
	}
};

const move = (model: Model, { id }: Subject, to: string | null): void =>
	model.target.mutate(() =>
		to === null ? model.target.pointers.delete(id) : model.target.pointers.set(id, to),
	);

const toExpose: Verb<'expose'> = (model) => async (subjects, change) => {
	reach(model, change.context);
	const exposures: Exposure[] = [];
	for (const [index, subject] of subjects.entries()) {
		const { previous, next } = subject.pointer;
		const before = current(model, subject);
		const isFree = before === previous || model.broken === 'exposesOverOthers';
		if (before !== next && isFree) {
			await ask(model, change, index);
			move(model, subject, next);
		}
		const outcome = before === next ? 'already' : isFree ? 'exposed' : 'moved';
		exposures.push({ subject, outcome, current: current(model, subject) });
	}
	return exposures;
};

const toVerify: Verb<'verify'> = (model) => async (subjects, state, context) => {
	reach(model, context);
	for (const subject of subjects) {
		const { previous, next } = subject.pointer;
		const found = current(model, subject);
		const expected = state === 'exposed' ? next : state === 'withdrawn' ? previous : found;
		if (found !== expected && model.broken !== 'verifiesNothing')
			throw fail('MODEL_POINTER', `expected ${expected}, got ${found}`);
	}
	return subjects.map((subject) => ({ subject, client: 'model', checks: ['pointer'] }));
};

const toWithdraw: Verb<'withdraw'> = (model) => async (subjects, from, change) => {
	reach(model, change.context);
	const withdrawals: Withdrawal[] = [];
	for (const [index, subject] of subjects.entries()) {
		const { previous, next } = subject.pointer;
		const before = current(model, subject);
		const isOurs = before === next || model.broken === 'withdrawsFromOthers';
		const isThere = from === 'hidden' && model.target.files.has(subject.artifacts[0]?.purl ?? '');
		if (isOurs || isThere) await ask(model, change, index);
		if (isThere) model.target.mutate(() => model.target.files.delete(subject.artifacts[0]?.purl ?? ''));
		else if (isOurs) move(model, subject, previous);
		const settled = before === previous ? 'already' : 'not-ours';
		const outcome = isOurs || isThere ? 'withdrawn' : settled;
		const remains = model.broken === 'forgetsWhatRemains' ? [] : ['installations that happened'];
		withdrawals.push({ subject, outcome, current: current(model, subject), remains });
	}
	return withdrawals;
};

export const modelPublisher = (model: Model): Publisher => ({
	contract: PUBLISHER_CONTRACT,
	id: 'model',
	description: 'a target in memory',
	traits: { hides: true, undo: 'pointer', seals: false, visibleWithin: 0, safeProbe: true, batch: 'all' },
	transient: [],
	preflight: toPreflight(model),
	probe: toProbe(model),
	upload: toUpload(model),
	expose: toExpose(model),
	verify: toVerify(model),
	withdraw: toWithdraw(model),
});
