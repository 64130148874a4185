import {
	type Artifact,
	type ChangeContext,
	type Exposure,
	type Finding,
	type Preflight,
	type Presence,
	PUBLISHER_CONTRACT,
	type Publisher,
	type Subject,
	toSubjectId,
	type UploadOutcome,
	type Withdrawal,
} from '@slipway/core';
import { type GithubReleases, LATEST, type SimulatedRelease } from './github-releases.ts';
import { isLower, type Reach, read, refuse, send, toIdentity, verifyDisk, waitAsAsked } from './target.ts';
import { type Answer, toUnanswered } from './wire.ts';

interface Github extends Reach {
	readonly repository: GithubReleases;
}

const toTag = (version: string): string => `v${version}`;
const toContents = (artifacts: readonly Artifact[]): string =>
	artifacts.map(({ name, digest }) => `${name} ${digest.sha256}`).join('\n');

const toError = (code: string, message: string): Finding => ({
	severity: 'error',
	code,
	message,
	hint: 'Look at the target.',
});

/** As it was when the server answered. */
const copy = (release: SimulatedRelease): SimulatedRelease => ({
	...release,
	assets: new Map(release.assets),
});

const readHeld = async (github: Github, version: string) => {
	const tag = toTag(version);
	const { value } = await read(github, `GET releases of ${tag}`, () => github.repository.find(tag).map(copy));
	const published = value.find(({ isDraft }) => !isDraft);
	if (published) return { published, draft: undefined };
	const drafts = value.filter(({ isDraft }) => isDraft);
	if (drafts.length > 1) throw refuse('SIMULATED_DRAFTS_DUPLICATE', `${tag} has ${drafts.length} drafts`);
	return { published: undefined, draft: drafts[0] };
};

const readLatest = (github: Github) =>
	read(github, 'GET latest', () => github.repository.pointers.get(LATEST));

const plan = async (github: Github, all: readonly Artifact[]): Promise<Preflight> => {
	const own = all.filter(({ purl }) => purl.startsWith('pkg:github/'));
	const [first] = own;
	if (!first) return { findings: [], subjects: [] };
	const { version } = toIdentity(first.purl);
	const { published, draft } = await readHeld(github, version);
	const { value: previous } = await readLatest(github);
	const findings: Finding[] = [];
	const isOther = draft && draft.contents !== toContents(own);
	const isTaken = published && published.contents !== toContents(own);
	if (isOther || isTaken) findings.push(toError('SIMULATED_VERSION_TAKEN', `${toTag(version)} holds others`));
	if (previous !== null && isLower(version, previous.slice(1)))
		findings.push(toError('SIMULATED_VERSION_LOWER', `${version} is below ${previous}`));
	const subject: Subject = {
		target: github.id,
		id: toSubjectId(first.purl),
		version,
		artifacts: own,
		mode: { name: 'draft', hides: true },
		pointer: { name: LATEST, previous, next: toTag(version) },
		dependsOn: [],
	};
	return { findings, subjects: [{ subject, current: previous }] };
};

const probe = async (github: Github, artifact: Artifact): Promise<Presence> => {
	const { name, digest } = artifact;
	const { published, draft } = await readHeld(github, toIdentity(artifact.purl).version);
	const found = (draft ?? published)?.assets.get(name);
	if (found === digest.sha256) return { state: 'match' };
	const mismatch: Presence = { state: 'mismatch', found: found === undefined ? {} : { sha256: found } };
	if (published && !draft) return mismatch;
	if (draft && !draft.contents.includes(`${name} ${digest.sha256}`)) return mismatch;
	return { state: 'absent' };
};

const toUnknown = (answer: Exclude<Answer<unknown>, { kind: 'answer' }>): UploadOutcome =>
	answer.kind === 'lost'
		? { outcome: 'unknown', reason: answer.reason }
		: { outcome: 'unknown', reason: String(answer.status), retryAfterMs: answer.retryAfterMs };

const SETTLE_TRIES = 4;

const ensureDraft = async (
	github: Github,
	subject: Subject,
	{ guard, context }: ChangeContext,
): Promise<SimulatedRelease | UploadOutcome> => {
	const { published, draft } = await readHeld(github, subject.version);
	if (published) throw refuse('SIMULATED_PUBLISHED', `${subject.pointer.next} is published`);
	if (draft && draft.contents !== toContents(subject.artifacts))
		throw refuse('SIMULATED_DRAFT_OTHER', `the draft of ${subject.pointer.next} is for other bytes`);
	if (draft) return draft;
	await guard();
	const { next } = subject.pointer;
	const effect = () => copy(github.repository.draft(next, toContents(subject.artifacts)));
	const answer = await send(github, { what: `POST draft ${next}`, mutates: true, effect });
	if (answer.kind === 'answer') return answer.value;
	if (answer.kind === 'refused') return toUnknown(answer);
	for (let tries = 1; tries <= SETTLE_TRIES; tries += 1) {
		const { draft: found } = await readHeld(github, subject.version);
		if (found) return found;
		await context.clock.sleep(2000, context.signal);
	}
	return toUnknown(answer);
};

const upload = async (
	github: Github,
	{ artifact, subject }: { readonly artifact: Artifact; readonly subject: Subject },
	change: ChangeContext,
): Promise<UploadOutcome> => {
	verifyDisk(github, artifact);
	const draft = await ensureDraft(github, subject, change);
	if ('outcome' in draft) return draft;
	const { name, digest } = artifact;
	const there = draft.assets.get(name);
	if (there === digest.sha256) return { outcome: 'accepted' };
	if (there !== undefined) {
		await change.guard();
		const effect = () => github.repository.detach(draft.id, name);
		const removed = await send(github, { what: `DELETE asset ${name}`, mutates: true, effect });
		if (removed.kind !== 'answer') return toUnknown(removed);
	}
	await change.guard();
	const effect = () => github.repository.attach(draft.id, name, digest.sha256);
	const answer = await send(github, { what: `POST asset ${name}`, mutates: true, brings: name, effect });
	if (answer.kind !== 'answer') return toUnknown(answer);
	return answer.value
		? { outcome: 'accepted' }
		: { outcome: 'unknown', reason: 'a file of this name is there' };
};

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

const verifyOne = async (github: Github, subject: Subject, state: string): Promise<void> => {
	const { previous, next } = subject.pointer;
	const { published, draft } = await readHeld(github, subject.version);
	const { value: current } = await readLatest(github);
	const expected = state === 'exposed' ? next : state === 'withdrawn' ? previous : current;
	if (current !== expected) throw refuse('SIMULATED_POINTER', `latest: expected ${expected}, got ${current}`);
	if (state === 'withdrawn') return;
	for (const { name, digest } of subject.artifacts)
		if ((published ?? draft)?.assets.get(name) !== digest.sha256)
			throw refuse('SIMULATED_DIGEST_MISMATCH', `${name} is not what was planned`);
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
