import type { ChangeContext, Subject, Visibility, Withdrawal } from '@slipway/core';
import * as v from 'valibot';
import { isWithdrawn, toWithdrawn } from '../release/marks.ts';
import { type Release, readReleaseById, readReleaseByTag } from '../release/release.ts';
import { toRestError } from '../rest/failure.ts';
import { pathOf } from '../rest/path.ts';
import { askPatiently } from '../rest/patience.ts';
import { changeRelease, type ReleaseChange } from './change-release.ts';
import { toError } from './errors.ts';
import { readHeld } from './held.ts';
import { readBack, readPointer } from './pointer.ts';
import { LATEST, restOf, type Target } from './target.ts';

type Change = ChangeContext & { readonly reason: string };

const toTagRemains = (tag: string): string =>
	`the tag ${tag} stays; delete it with \`git push origin :refs/tags/${tag}\` if nobody shall build from it`;

const toPageRemains = ({ tag_name, immutable }: Release): readonly string[] => [
	`the release page ${tag_name} stays, marked as withdrawn, and its files can still be downloaded${immutable ? ' (an immutable release cannot lose them, and its tag name is used up)' : ''}`,
	'downloads that happened',
];

/** Deletes our draft, after it was seen to be one. */
const deleteDraft = async (target: Target, subject: Subject, change: Change): Promise<boolean> => {
	const { context, guard } = change;
	const rest = restOf(target, context);
	const { draft } = await readHeld(target, subject.version, context);
	if (!draft) return false;
	const { id } = draft.release;
	const reply = await askPatiently(rest, async () => {
		await guard();
		return rest.send({ method: 'DELETE', path: pathOf`releases/${id}`, schema: v.unknown() });
	});
	if (reply.kind === 'ok' || reply.kind === 'not-found') return true;
	if (reply.kind === 'unknown' && !(await readReleaseById(rest, id))) return true;
	throw toRestError(`the draft ${id} of ${rest.repository}`, reply, true);
};

const withdrawHidden = async (target: Target, subject: Subject, change: Change): Promise<Withdrawal> => {
	const { pointer } = subject;
	const isDeleted = await deleteDraft(target, subject, change);
	const current = await readPointer(target, pointer, { context: change.context });
	const outcome = isDeleted ? 'withdrawn' : 'already';
	return { subject, outcome, current, remains: [toTagRemains(pointer.next)] };
};

/** Title and text say that nobody shall use it. Immutable releases take no more than that. */
const toMark = (release: Release, reason: string): ReleaseChange => ({
	...toWithdrawn(release, reason),
	...(release.immutable ? {} : { prerelease: true, make_latest: 'false' as const }),
});

const mark = async (target: Target, release: Release, change: Change): Promise<void> => {
	await changeRelease(target, { release, write: toMark(release, change.reason) }, change);
};

const readPrevious = async (target: Target, subject: Subject, { context }: Change): Promise<Release> => {
	const { previous } = subject.pointer;
	const release = previous === null ? undefined : await readReleaseByTag(restOf(target, context), previous);
	if (release && !isWithdrawn(release)) return release;
	throw toError('GITHUB_PREVIOUS_MISSING', {
		message: `expected the release ${previous} to go back to, found ${release ? 'that it was withdrawn itself' : 'none'}`,
		hint: `Name another version to go back to: \`slipway rollback ${subject.version} --to OLDER --reason TEXT\`.`,
	});
};

/** `latest` is still ours: the previous release becomes it again. Without one, ours stops being one by its mark. */
const moveLatestBack = async (target: Target, subject: Subject, change: Change): Promise<void> => {
	const { pointer } = subject;
	if (pointer.name !== LATEST || pointer.previous === null) return;
	const release = await readPrevious(target, subject, change);
	const { context } = change;
	if ((await readPointer(target, pointer, { context })) !== pointer.next) return;
	const { isCertain } = await changeRelease(target, { release, write: { make_latest: 'true' } }, change);
	const current = await readBack(target, pointer, { from: pointer.next, context });
	if (current !== pointer.next || isCertain) return;
	throw toError('GITHUB_REPLY_LOST', {
		message: `latest still names ${pointer.next}, and nobody knows whether ${pointer.previous} was made the latest`,
		hint: 'Run the same command again: it looks first and changes only what is missing.',
	});
};

const toNotOurs = (subject: Subject, current: string | null): Withdrawal => ({
	subject,
	outcome: 'not-ours',
	current,
	remains: [
		`latest names ${current ?? 'nothing'}, not ${subject.pointer.next}: left alone`,
		`the release ${subject.pointer.next} is not marked`,
	],
});

const withdrawExposed = async (
	target: Target,
	{ subject, release }: { readonly subject: Subject; readonly release: Release },
	change: Change,
): Promise<Withdrawal> => {
	const { context } = change;
	const { pointer } = subject;
	const before = await readPointer(target, pointer, { context, known: release });
	if (before !== pointer.next && before !== pointer.previous) return toNotOurs(subject, before);
	const remains = toPageRemains(release);
	if (before !== pointer.next && isWithdrawn(release))
		return { subject, outcome: 'already', current: before, remains };
	if (before === pointer.next) await moveLatestBack(target, subject, change);
	if (!isWithdrawn(release)) await mark(target, release, change);
	const current = await readBack(target, pointer, { from: pointer.next, context });
	return { subject, outcome: 'withdrawn', current, remains };
};

const withdrawOne = async (
	target: Target,
	{ subject, from }: { readonly subject: Subject; readonly from: Visibility },
	change: Change,
): Promise<Withdrawal> => {
	const release = await readReleaseByTag(restOf(target, change.context), subject.pointer.next);
	if (release) return withdrawExposed(target, { subject, release }, change);
	if (from === 'hidden') return withdrawHidden(target, subject, change);
	const current = await readPointer(target, subject.pointer, change);
	return { subject, outcome: 'already', current, remains: [toTagRemains(subject.pointer.next)] };
};

/**
 * From exposed: makes the previous release the latest again, only where latest is still ours, and marks ours as withdrawn.
 * From hidden: deletes our draft. Tags are never touched.
 * @throws SlipwayError GITHUB_PREVIOUS_MISSING, GITHUB_DRAFTS_DUPLICATE, GITHUB_*
 */
export const withdraw = async (
	target: Target,
	{ subjects, from }: { readonly subjects: readonly Subject[]; readonly from: Visibility },
	change: Change,
): Promise<readonly Withdrawal[]> => {
	const withdrawals: Withdrawal[] = [];
	for (const subject of subjects) withdrawals.push(await withdrawOne(target, { subject, from }, change));
	return withdrawals;
};
