import type { ChangeContext, Subject } from '@slipway/core';
import { toNotes } from '../notes/notes.ts';
import { toMarker, toMarkerLine } from '../release/marker.ts';
import { Release } from '../release/release.ts';
import { toRestError } from '../rest/failure.ts';
import { askPatiently } from '../rest/patience.ts';
import { toError } from './errors.ts';
import { type Marked, readHeld, readKnown } from './held.ts';
import { isPrerelease, restOf, type Target } from './target.ts';

const SETTLE_TRIES = 4;
const SETTLE_PAUSE_MS = 2000;

/** Nobody knows whether the draft was made: look for it for a while, before anybody makes a second one. */
const settle = async (target: Target, subject: Subject, { context }: ChangeContext) => {
	for (let tries = 1; ; tries += 1) {
		const { draft } = await readHeld(target, subject.version, context);
		if (draft || tries === SETTLE_TRIES) return draft?.release;
		await context.clock.sleep(SETTLE_PAUSE_MS, context.signal);
	}
};

/** Longest text of a release that the API takes, in characters. */
const MAX_BODY = 125_000;
/** Kept free for what a rollback adds. */
const RESERVE = 4000;

const createDraft = async (
	target: Target,
	subject: Subject,
	change: ChangeContext,
): Promise<Release | { readonly reason: string }> => {
	const { context, guard } = change;
	const rest = restOf(target, context);
	const { project } = target;
	const commit = (await target.source())?.commit ?? null;
	const marker = toMarkerLine(toMarker(project, subject.version, subject.artifacts, commit));
	const room = MAX_BODY - RESERVE - marker.length - 2;
	const content = {
		tag_name: subject.pointer.next,
		name: subject.pointer.next,
		body: `${await toNotes(target, subject, { context, room })}\n\n${marker}`,
		draft: true,
		prerelease: isPrerelease(subject.version),
	};
	const reply = await askPatiently(rest, async () => {
		await guard();
		return rest.send({ method: 'POST', path: 'releases', body: content, schema: Release });
	});
	if (reply.kind === 'ok') {
		if (subject.version === target.version) target.seen.draft = reply.value.id;
		return reply.value;
	}
	if (!('reason' in reply))
		throw toRestError(`a draft for ${subject.pointer.next} of ${rest.repository}`, reply, true);
	const settled = reply.sent ? await settle(target, subject, change) : undefined;
	return settled ?? { reason: reply.reason };
};

/** @throws SlipwayError GITHUB_DRAFT_OTHER: a draft for other bytes of this version */
export const checkContents = (target: Target, { release, marker }: Marked, subject: Subject): void => {
	const { contents } = toMarker(target.project, subject.version, subject.artifacts);
	if (marker.contents === contents) return;
	throw toError('GITHUB_DRAFT_OTHER', {
		message: `expected a draft for ${subject.pointer.next} with these artifacts, got release ${release.id}, made for others`,
		hint: `It was left by another build of this version. Delete it if nobody needs it: \`gh api --method DELETE repos/${target.rest.repository}/releases/${release.id}\`.`,
	});
};

/**
 * The draft of a subject; made where there is none.
 * @returns the reason where nobody knows whether it was made
 * @throws SlipwayError GITHUB_RELEASE_EXISTS, GITHUB_DRAFT_OTHER, GITHUB_DRAFTS_DUPLICATE, GITHUB_*
 */
export const ensureDraft = async (
	target: Target,
	subject: Subject,
	change: ChangeContext,
): Promise<Release | { readonly reason: string }> => {
	const { published, draft } = await readKnown(target, subject.version, change.context);
	if (published) {
		throw toError('GITHUB_RELEASE_PUBLISHED', {
			message: `expected a draft for ${subject.pointer.next}, got a published release: its files are left alone`,
			hint: 'Release a new version with the right files.',
		});
	}
	if (!draft) return createDraft(target, subject, change);
	checkContents(target, draft, subject);
	return draft.release;
};
