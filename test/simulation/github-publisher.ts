import {
	type ChangeContext,
	type Exposure,
	type Finding,
	type Preflight,
	PUBLISHER_CONTRACT,
	type Publisher,
	type Subject,
	type Withdrawal,
} from '@slipway/core';
import {
	type Github,
	plan,
	probe,
	readHeld,
	readLatest,
	toContents,
	toError,
	verifyOne,
} from './github-reads.ts';
import { type GithubReleases, LATEST, type SimulatedRelease } from './github-releases.ts';
import { upload } from './github-upload.ts';
import { type Reach, refuse, send, waitAsAsked } from './target.ts';
import { toUnanswered } from './wire.ts';

const patch = async (
	github: Github,
	{ what, effect }: { readonly what: string; readonly effect: () => void },
	{ guard }: ChangeContext,
): Promise<boolean> => {
	await guard();
	const answer = await send(github, { what, mutates: true, effect });
	await waitAsAsked(github, answer);
	if (answer.kind === 'refused' && answer.status < 429) throw toUnanswered('SIMULATED_REFUSED', what, answer);
	return answer.kind === 'answer';
};

const findById = ({ repository }: Github, id: number): SimulatedRelease | undefined =>
	repository.releases.find((candidate) => candidate.id === id);

/** Nothing but the guard lies between the last look and the write that publishes. */
const exposeOne = async (github: Github, subject: Subject, change: ChangeContext): Promise<Exposure> => {
	const { previous, next } = subject.pointer;
	const { published, draft } = await readHeld(github, subject.version);
	const release = published ?? draft;
	const before = await readLatest(github);
	if (before.value === next && published && !published.isWithdrawn)
		return { subject, outcome: 'already', current: next };
	if (before.value !== previous && before.value !== next)
		return { subject, outcome: 'moved', current: before.value };
	if (!release) throw refuse('SIMULATED_NOT_VISIBLE', `${next} has no draft`);
	for (const { name, digest } of subject.artifacts)
		if (release.assets.get(name) !== digest.sha256)
			throw refuse('SIMULATED_ASSET_MISSING', `${next} lacks ${name}`);
	const effect = () => {
		const found = findById(github, release.id);
		if (!found) return;
		found.isDraft = false;
		found.isWithdrawn = false;
		const move = { key: LATEST, from: previous, to: next, seenAt: before.at };
		github.repository.pointers.move(github.process, move, github.wire.time.now);
	};
	const isCertain = await patch(github, { what: `PATCH ${next} published, latest`, effect }, change);
	const { value: current } = await readLatest(github);
	if (current === next) return { subject, outcome: 'exposed', current };
	if (current !== previous) return { subject, outcome: 'moved', current };
	if (isCertain) return { subject, outcome: 'exposed', current: next };
	throw refuse('SIMULATED_LOST', `${next}: not published`);
};

const withdrawHidden = async (
	github: Github,
	subject: Subject,
	change: ChangeContext,
): Promise<Withdrawal> => {
	const { draft } = await readHeld(github, subject.version);
	const { value: current } = await readLatest(github);
	const remains = [`the tag ${subject.pointer.next} stays`];
	if (!draft || draft.contents !== toContents(subject.artifacts))
		return { subject, outcome: 'already', current, remains };
	const effect = () => github.repository.remove(draft.id);
	const isDone = await patch(github, { what: `DELETE draft ${subject.pointer.next}`, effect }, change);
	if (!isDone && (await readHeld(github, subject.version)).draft)
		throw refuse('SIMULATED_LOST', 'the draft stays');
	return { subject, outcome: 'withdrawn', current, remains };
};

const withdrawOne = async (
	github: Github,
	{ subject, from }: { readonly subject: Subject; readonly from: 'hidden' | 'exposed' },
	change: ChangeContext,
): Promise<Withdrawal> => {
	const { previous, next } = subject.pointer;
	const { published } = await readHeld(github, subject.version);
	const before = await readLatest(github);
	const remains = [`the page of ${next} stays, marked as withdrawn`];
	if (!published && from === 'hidden') return withdrawHidden(github, subject, change);
	if (!published) return { subject, outcome: 'already', current: before.value, remains };
	if (before.value !== next && before.value !== previous)
		return { subject, outcome: 'not-ours', current: before.value, remains };
	if (before.value === previous && published.isWithdrawn)
		return { subject, outcome: 'already', current: previous, remains };
	if (before.value === next) {
		const effect = () => {
			const move = { key: LATEST, from: next, to: previous, seenAt: before.at };
			github.repository.pointers.move(github.process, move, github.wire.time.now);
		};
		const isCertain = await patch(github, { what: `PATCH latest back to ${previous}`, effect }, change);
		if (!isCertain && (await readLatest(github)).value === next)
			throw refuse('SIMULATED_LOST', 'latest stays');
	}
	if (!published.isWithdrawn) {
		const effect = () => {
			const found = findById(github, published.id);
			if (found) found.isWithdrawn = true;
		};
		const isDone = await patch(github, { what: `PATCH ${next} withdrawn`, effect }, change);
		if (!isDone && !(await readHeld(github, subject.version)).published?.isWithdrawn)
			throw refuse('SIMULATED_LOST', 'the mark is not there');
	}
	return { subject, outcome: 'withdrawn', current: (await readLatest(github)).value, remains };
};

/** A Publisher with the requests and the decisions of the real one, over releases in memory. */
export const simulatedGithub = (reach: Reach, repository: GithubReleases): Publisher => {
	const github: Github = { ...reach, repository };
	const { signal } = reach.process.context;
	const inTurn = async <Result>(
		subjects: readonly Subject[],
		task: (subject: Subject) => Promise<Result>,
	): Promise<readonly Result[]> => {
		const results: Result[] = [];
		for (const subject of subjects) results.push(await task(subject));
		return results;
	};
	const examine = async (operation: string, subjects: readonly Subject[]): Promise<Preflight> => {
		const findings: Finding[] = [];
		const { value: current } = await readLatest(github);
		for (const { pointer, version } of subjects) {
			const { previous, next } = pointer;
			const target = operation === 'rollback' ? previous : operation === 'restore' ? next : null;
			if (target === null) continue;
			const { published } = await readHeld(github, operation === 'restore' ? version : target.slice(1));
			const isGood = published && (operation === 'restore' || !published.isWithdrawn);
			if (!isGood || (operation === 'rollback' && previous === next))
				findings.push({
					...toError('SIMULATED_PREVIOUS_MISSING', `${target} is not there`),
					...(operation === 'rollback' ? { onlyBack: true } : {}),
				});
			const files = subjects.flatMap(({ artifacts }) => artifacts);
			const isOurs = files.every(({ name, digest }) => published?.assets.get(name) === digest.sha256);
			if (operation === 'restore' && !isOurs)
				findings.push(toError('SIMULATED_DIGEST_MISMATCH', `${target} is not what was planned`));
		}
		return { findings, subjects: subjects.map((subject) => ({ subject, current })) };
	};
	return {
		contract: PUBLISHER_CONTRACT,
		id: reach.id,
		description: `simulated GitHub releases ${reach.id}`,
		traits: {
			hides: true,
			undo: 'pointer',
			seals: true,
			visibleWithin: 120_000,
			safeProbe: true,
			batch: 'all',
		},
		transient: ['SIMULATED_UNREACHABLE', 'SIMULATED_NOT_VISIBLE', 'SIMULATED_POINTER', 'SIMULATED_LOST'],
		preflight: async (request) => {
			try {
				if (request.operation === 'release') return await plan(github, request.artifacts);
				if (request.operation === 'recover') return { findings: [], subjects: [] };
				return await examine(request.operation, request.subjects);
			} catch (thrown) {
				if (signal.aborted) throw thrown;
				return { findings: [toError('SIMULATED_UNREACHABLE', String(thrown))], subjects: [] };
			}
		},
		probe: (artifact) =>
			probe(github, artifact).catch((thrown) => {
				if (signal.aborted) throw thrown;
				return { state: 'unknown', reason: String(thrown) };
			}),
		upload: (artifact, subject, change) => upload(github, { artifact, subject }, change),
		expose: async (subjects, change) => {
			change.context.signal.throwIfAborted();
			return inTurn(subjects, (subject) => exposeOne(github, subject, change));
		},
		verify: async (subjects, state) => {
			await inTurn(subjects, (subject) => verifyOne(github, subject, state));
			return subjects.map((subject) => ({ subject, client: 'simulated reader', checks: ['release'] }));
		},
		withdraw: (subjects, from, change) =>
			inTurn(subjects, (subject) => withdrawOne(github, { subject, from }, change)),
	};
};
