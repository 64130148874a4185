import type { ChangeContext, Exposure, Subject } from '@slipway/core';
import { parseMarker } from '../release/marker.ts';
import { isWithdrawn, toRestored } from '../release/marks.ts';
import { type Release, readReleaseById } from '../release/release.ts';
import { putExtras } from './assets.ts';
import { changeRelease, type ReleaseChange } from './change-release.ts';
import { checkContents } from './draft.ts';
import { toError } from './errors.ts';
import { readHeld } from './held.ts';
import { readBack, readPointer } from './pointer.ts';
import { verifyFiles, verifyTag } from './seal-checks.ts';
import { isPrerelease, LATEST, restOf, type Target } from './target.ts';

type Change = ChangeContext;

/** The one write that publishes: the tag is locked with it where releases are immutable, and latest moves with it. */
const toWrite = (release: Release, { version, pointer }: Subject): ReleaseChange => ({
	...(release.draft ? { tag_name: pointer.next, draft: false } : {}),
	...(isWithdrawn(release) ? toRestored(release) : {}),
	...(release.immutable ? {} : { prerelease: isPrerelease(version) }),
	make_latest: pointer.name === LATEST ? 'true' : 'false',
});

/** Everything is there, by digest: what a killed run left out is sent now. */
const completeDraft = async (
	target: Target,
	{ release, subject }: { readonly release: Release; readonly subject: Subject },
	change: Change,
): Promise<void> => {
	const outcome = await putExtras(target, release, change);
	const rest = restOf(target, change.context);
	const complete = await readReleaseById(rest, release.id);
	if (outcome.outcome === 'accepted' && complete) {
		await verifyFiles(target, { release: complete, subject }, change.context);
		return;
	}
	throw toError('GITHUB_NOT_VISIBLE', {
		message: `${subject.pointer.next}: expected all files in the draft, got ${outcome.outcome === 'unknown' ? outcome.reason : 'no such draft'}`,
		hint: 'Run the same command again: it uploads what is missing.',
	});
};

const findRelease = async (target: Target, subject: Subject, change: Change): Promise<Release> => {
	const { published, draft } = await readHeld(target, subject.version, change.context);
	if (published) return published;
	if (draft) {
		checkContents(target, draft, subject);
		await completeDraft(target, { release: draft.release, subject }, change);
		return draft.release;
	}
	throw toError('GITHUB_NOT_VISIBLE', {
		message: `expected a draft for ${subject.pointer.next} in ${target.rest.repository}, found none`,
		hint: 'Upload it first: run the release again.',
	});
};

/** What is to be seen of a pointer already; undefined: it is where the plan saw it, and ours is to come. */
const toSettled = (
	subject: Subject,
	current: string | null,
	published: Release | undefined,
): Exposure | undefined => {
	const { previous, next } = subject.pointer;
	if (current === next && published && !isWithdrawn(published))
		return { subject, outcome: 'already', current };
	return current === previous || current === next ? undefined : { subject, outcome: 'moved', current };
};

const exposeOne = async (target: Target, subject: Subject, change: Change): Promise<Exposure> => {
	const { context } = change;
	const { pointer } = subject;
	const { published } = await readHeld(target, subject.version, context);
	const before = await readPointer(target, pointer, { context, known: published });
	const settled = toSettled(subject, before, published);
	if (settled) return settled;
	const release = await findRelease(target, subject, change);
	const marker = parseMarker(release.body);
	if (release.draft) await verifyTag(target, { tag: pointer.next, marker }, context);
	else await verifyFiles(target, { release, subject }, context);
	// The last look comes after everything that takes time: nothing but the guard is between it and the write.
	const meanwhile = toSettled(subject, await readPointer(target, pointer, { context }), undefined);
	if (meanwhile) return meanwhile;
	const { isCertain } = await changeRelease(target, { release, write: toWrite(release, subject) }, change);
	const current = await readBack(target, pointer, { from: pointer.previous, context });
	if (current === pointer.next) return { subject, outcome: 'exposed', current };
	if (current !== pointer.previous) return { subject, outcome: 'moved', current };
	// GitHub has taken the write, though a cache may show the old value for a while.
	if (isCertain) return { subject, outcome: 'exposed', current: pointer.next };
	throw toError('GITHUB_REPLY_LOST', {
		message: `${pointer.next}: published, but ${pointer.name} still names ${current ?? 'nothing'}`,
		hint: 'Run the same command again: it looks first and changes only what is missing.',
	});
};

/**
 * Publishes the draft and makes it the latest release in one write, after the tag was looked at once more; or clears the
 * marks of a withdrawn release and makes it the latest again.
 * @throws SlipwayError GITHUB_TAG_MOVED, GITHUB_TAG_MISSING, GITHUB_TAG_BURNT, GITHUB_ASSET_*, GITHUB_*
 */
export const expose = async (
	target: Target,
	subjects: readonly Subject[],
	change: Change,
): Promise<readonly Exposure[]> => {
	const exposures: Exposure[] = [];
	for (const subject of subjects) exposures.push(await exposeOne(target, subject, change));
	return exposures;
};
