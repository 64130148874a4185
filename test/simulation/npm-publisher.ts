import {
	type Artifact,
	type ChangeContext,
	type Preflight,
	PUBLISHER_CONTRACT,
	type Publisher,
	type Subject,
	toDependencyOrder,
	type UploadOutcome,
	type Verification,
	type Withdrawal,
} from '@slipway/core';
import {
	examine,
	LATEST,
	type Npm,
	type NpmMode,
	nameOf,
	now,
	plan,
	probe,
	readPackument,
	readTag,
	toFinding,
	toHiddenTag,
	toKey,
	verifyOne,
} from './npm-reads.ts';
import type { NpmRegistry } from './npm-registry.ts';
import { type Reach, refuse, send, toIdentity, verifyDisk, waitAsAsked } from './target.ts';

const verifyPointer = async (npm: Npm, subject: Subject): Promise<number> => {
	const { value: current, at } = await readTag(npm, nameOf(subject));
	const { previous, next } = subject.pointer;
	if (current === previous || current === next) return at;
	throw refuse('SIMULATED_POINTER_MOVED', `${subject.id} is at ${current}`);
};

const upload = async (
	npm: Npm,
	{ artifact, subject }: { readonly artifact: Artifact; readonly subject: Subject },
	change: ChangeContext,
): Promise<UploadOutcome> => {
	verifyDisk(npm, artifact);
	const { name, version } = toIdentity(artifact.purl);
	const { registry, process } = npm;
	const isDirect = subject.mode.name === 'direct';
	const isStage = subject.mode.name === 'stage';
	const tag = isDirect ? subject.pointer.name : toHiddenTag(version);
	const seenAt = isDirect ? await verifyPointer(npm, subject) : 0;
	await change.guard();
	const effect = () => {
		const given = { version, sha256: artifact.digest.sha256, tag, now: now(npm) };
		const reply = isStage ? registry.stage(name, given) : registry.publish(name, given);
		const { previous: from, next: to } = subject.pointer;
		if (isDirect && reply === 'accepted')
			registry.pointers.move(process, { key: toKey(name), from, to, seenAt }, now(npm));
		return reply;
	};
	const what = `${isStage ? 'POST stage' : 'PUT'} ${name}@${version}`;
	const answer = await send(npm, { what, mutates: true, brings: artifact.name, effect });
	if (answer.kind === 'lost') return { outcome: 'unknown', reason: answer.reason };
	if (answer.kind === 'refused') {
		if (answer.status < 429 && answer.status !== 409)
			throw refuse('SIMULATED_PUBLISH_REFUSED', `${name}: ${answer.status}`);
		return { outcome: 'unknown', reason: String(answer.status), retryAfterMs: answer.retryAfterMs };
	}
	npm.acknowledged.set(`${name}@${version}`, answer.value);
	return answer.value === 'taken'
		? { outcome: 'unknown', reason: 'the registry says that this version is used up' }
		: { outcome: 'accepted' };
};

const writeTag = async (
	npm: Npm,
	{ name, tag, version, move }: { name: string; tag: string; version: string | null; move?: () => void },
) => {
	const effect = () => {
		move?.();
		npm.registry.tag(name, { tag, version, now: now(npm) });
	};
	const what = version === null ? `DELETE tag ${name}@${tag}` : `PUT tag ${name}@${tag} ${version}`;
	const answer = await send(npm, { what, mutates: true, effect });
	await waitAsAsked(npm, answer);
	if (answer.kind === 'refused' && answer.status < 429)
		throw refuse('SIMULATED_REFUSED', `${what}: ${answer.status}`);
	return answer;
};

const moveTag = async (
	npm: Npm,
	{ name, from, to }: { readonly name: string; readonly from: string | null; readonly to: string | null },
	change: ChangeContext,
): Promise<{ readonly outcome: 'moved' | 'already' | 'conflict'; readonly current: string | null }> => {
	const { value: before, at: seenAt } = await readTag(npm, name);
	if (before === to) return { outcome: 'already', current: before };
	if (before !== from) return { outcome: 'conflict', current: before };
	await change.guard();
	const key = toKey(name);
	const move = () => npm.registry.pointers.move(npm.process, { key, from, to, seenAt }, now(npm));
	const answer = await writeTag(npm, { name, tag: LATEST, version: to, move });
	const { value: current } = await readTag(npm, name);
	if (current === to) return { outcome: 'moved', current };
	if (current !== from) return { outcome: 'conflict', current };
	throw refuse('SIMULATED_LOST', `${name}: ${answer.kind}`);
};

const TRIES = 5;

const removeHiddenTag = async (
	npm: Npm,
	{ name, version }: { name: string; version: string },
	change: ChangeContext,
) => {
	const tag = toHiddenTag(version);
	for (let tries = 1; tries <= TRIES; tries += 1) {
		if ((await readTag(npm, name, tag)).value !== version) return tries > 1;
		await change.guard();
		if ((await writeTag(npm, { name, tag, version: null })).kind === 'answer') return true;
		await change.context.clock.sleep(200 * 2 ** (tries - 1), change.context.signal);
	}
	return false;
};

/** '' lifts the mark. @returns whether it was changed; undefined: the version is not shown, so that it cannot be marked */
const setMark = async (
	npm: Npm,
	{ name, version, message }: { name: string; version: string; message: string },
	change: ChangeContext,
): Promise<boolean | undefined> => {
	const shown = (await readPackument(npm, name)).value?.versions.get(version);
	if (!shown) return undefined;
	if ((shown.deprecated === '') === (message === '')) return false;
	await change.guard();
	const effect = () => npm.registry.deprecate(name, version, message);
	const answer = await send(npm, {
		what: `PUT mark of ${name}@${version} "${message}"`,
		mutates: true,
		effect,
	});
	await waitAsAsked(npm, answer);
	const after = (await readPackument(npm, name)).value?.versions.get(version);
	if (answer.kind === 'answer' || after?.deprecated === message) return true;
	throw refuse('SIMULATED_LOST', `${name}: mark: ${answer.kind}`);
};

const expose: (npm: Npm) => Publisher['expose'] = (npm) => async (subjects, change) => {
	const exposures: Awaited<ReturnType<Publisher['expose']>>[number][] = [];
	for (const subject of toDependencyOrder(subjects)) {
		const { previous: from, next: to } = subject.pointer;
		const identity = { name: nameOf(subject), version: subject.version };
		const { outcome, current } = await moveTag(npm, { name: identity.name, from, to }, change);
		if (outcome !== 'conflict') {
			await removeHiddenTag(npm, identity, change);
			await setMark(npm, { ...identity, message: '' }, change);
		}
		const outcomes = { moved: 'exposed', already: 'already', conflict: 'moved' } as const;
		exposures.push({ subject, outcome: outcomes[outcome], current });
	}
	return exposures;
};

const withdrawOne = async (
	npm: Npm,
	{ subject, from }: { readonly subject: Subject; readonly from: 'hidden' | 'exposed' },
	change: ChangeContext,
): Promise<Withdrawal> => {
	const { previous, next } = subject.pointer;
	const name = nameOf(subject);
	const { version } = subject;
	const remains = [`version number ${version} of ${name} is used up for ever`];
	const held = (await readPackument(npm, name)).value?.versions.get(version);
	if (held && held.sha256 !== subject.artifacts[0]?.digest.sha256)
		return { subject, outcome: 'not-ours', current: (await readTag(npm, name)).value, remains };
	const { value: before } = await readTag(npm, name);
	let current = before;
	let changed = false;
	if (before === next && previous !== null) {
		const moved = await moveTag(npm, { name, from: next, to: previous }, change);
		current = moved.current;
		changed = moved.outcome === 'moved';
		if (moved.outcome === 'conflict') return { subject, outcome: 'not-ours', current, remains };
	} else if (before !== previous && before !== next && from === 'exposed')
		return { subject, outcome: 'not-ours', current, remains };
	if (subject.mode.name === 'stage' && npm.registry.isStaged(name, version, now(npm))) {
		await change.guard();
		const effect = () => npm.registry.reject(name, version);
		const answer = await send(npm, { what: `DELETE stage of ${name}@${version}`, mutates: true, effect });
		changed ||= answer.kind === 'answer';
		await waitAsAsked(npm, answer);
	}
	changed = (await removeHiddenTag(npm, { name, version }, change)) || changed;
	const message = from === 'exposed' ? 'withdrawn' : 'never released';
	const isMarked = await setMark(npm, { name, version, message }, change);
	if (isMarked === undefined && held === undefined && !changed)
		return { subject, outcome: 'already', current, remains };
	return { subject, outcome: changed || isMarked ? 'withdrawn' : 'already', current, remains };
};

/** A Publisher with the requests and the decisions of the real one, over a registry in memory. */
export const simulatedNpm = (
	reach: Reach,
	registry: NpmRegistry,
	{ mode, visibleWithin = 30 * 60_000 }: { readonly mode: NpmMode; readonly visibleWithin?: number },
): Publisher => {
	const npm: Npm = { ...reach, registry, mode, acknowledged: new Map() };
	const attempt = (task: () => Promise<Preflight>): Promise<Preflight> =>
		task().catch((thrown) => {
			if (npm.process.context.signal.aborted) throw thrown;
			return { findings: [toFinding('SIMULATED_UNREACHABLE', String(thrown))], subjects: [] };
		});
	return {
		contract: PUBLISHER_CONTRACT,
		id: reach.id,
		description: `simulated npm registry ${reach.id}`,
		traits: { hides: true, undo: 'pointer', seals: false, visibleWithin, safeProbe: true, batch: 'each' },
		transient: ['SIMULATED_UNREACHABLE', 'SIMULATED_NOT_VISIBLE', 'SIMULATED_POINTER', 'SIMULATED_LOST'],
		preflight: (request) =>
			attempt(async () => {
				if (request.operation === 'release') return plan(npm, request.artifacts);
				if (request.operation === 'recover') return { findings: [], subjects: [] };
				return examine(npm, request.operation, request.subjects);
			}),
		probe: (artifact) =>
			probe(npm, artifact).catch((thrown) => {
				if (npm.process.context.signal.aborted) throw thrown;
				return { state: 'unknown', reason: String(thrown) };
			}),
		upload: (artifact, subject, change) => upload(npm, { artifact, subject }, change),
		expose: async (subjects, change) => {
			change.context.signal.throwIfAborted();
			return expose(npm)(subjects, change);
		},
		verify: async (subjects, state) => {
			for (const subject of subjects) await verifyOne(npm, subject, state);
			const toVerification = (subject: Subject): Verification => ({
				subject,
				client: 'simulated npm',
				checks: ['packument'],
			});
			return subjects.map(toVerification);
		},
		withdraw: async (subjects, from, change) => {
			const withdrawals: Withdrawal[] = [];
			for (const subject of toDependencyOrder(subjects).toReversed())
				withdrawals.push(await withdrawOne(npm, { subject, from }, change));
			return withdrawals;
		},
	};
};
