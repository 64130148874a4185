import type { Artifact, ChangeContext, Subject, UploadOutcome } from '@slipway/core';
import { copy, type Github, readHeld, toContents } from './github-reads.ts';
import type { SimulatedRelease } from './github-releases.ts';
import { refuse, send, verifyDisk } from './target.ts';
import type { Answer } from './wire.ts';

export const toUnknown = (answer: Exclude<Answer<unknown>, { kind: 'answer' }>): UploadOutcome =>
	answer.kind === 'lost'
		? { outcome: 'unknown', reason: answer.reason }
		: { outcome: 'unknown', reason: String(answer.status), retryAfterMs: answer.retryAfterMs };

export const SETTLE_TRIES = 4;

export const ensureDraft = async (
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

export const upload = async (
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
