import {
	type ChangeContext,
	SlipwayError,
	type Subject,
	toDependencyOrder,
	type Visibility,
	type Withdrawal,
} from '@slipway/core';
import type { NpmCode } from '../code.ts';
import type { Packument } from '../registry/read-packument.ts';
import { dropStaged } from './drop-staged.ts';
import { removeHiddenTag } from './hidden-tag.ts';
import { type Marked, setMark, toNeverReleasedMark, toWithdrawnMark } from './marks.ts';
import { moveTag } from './move-tag.ts';
import { toOlderHint } from './preflight-recorded.ts';
import { readPackage, readTags } from './read.ts';
import { readHolding } from './read-holding.ts';
import { LATEST } from './tags.ts';
import { type Identity, type Target, toKey, toName } from './target.ts';

type Change = ChangeContext & { readonly reason: string };

const refuse = (code: NpmCode, version: string, message: string): SlipwayError =>
	new SlipwayError<NpmCode>(code, message, { hint: toOlderHint(version) });

/** Never towards nothing known, and never towards a version that is not there. */
const verifyPrevious = (subject: Subject, packument: Packument | undefined): void => {
	const { previous, next } = subject.pointer;
	const what = `${toName(subject)}: dist-tag ${subject.pointer.name}`;
	if (previous === next)
		throw refuse(
			'NPM_PREVIOUS_UNKNOWN',
			subject.version,
			`${what}: no record of what it named before ${next}`,
		);
	if (previous !== null && !packument?.versions.has(previous))
		throw refuse(
			'NPM_PREVIOUS_MISSING',
			subject.version,
			`${what}: expected version ${previous} to be there, found none`,
		);
};

type PointerBack = Pick<Withdrawal, 'outcome' | 'current'>;

const movePointerBack = async (target: Target, subject: Subject, change: Change): Promise<PointerBack> => {
	const { name: tag, previous, next } = subject.pointer;
	const name = toName(subject);
	const current = (await readTags(target, name, change.context)).get(tag) ?? null;
	if (current !== next) return { outcome: current === previous ? 'already' : 'not-ours', current };
	verifyPrevious(subject, await readPackage(target, name, change.context));
	if (previous === null && tag === LATEST) return { outcome: 'withdrawn', current };
	const moved = await moveTag(target, { name, tag, from: next, to: previous }, change);
	if (moved.outcome === 'conflict') return { outcome: 'not-ours', current: moved.current };
	return { outcome: 'withdrawn', current: moved.current };
};

const toMarkRemains = (identity: Identity, marked: Marked): readonly string[] => {
	const what = toKey(identity);
	if (marked.outcome === 'queued')
		return [`${what} is not deprecated yet: the registry still scans it; run the same command again later`];
	if (marked.outcome === 'denied')
		return [`${what} is not deprecated: ${marked.reason}; do it with \`npm deprecate\``];
	return [];
};

const toKept = ({ name, version }: Identity, from: Visibility): readonly string[] => [
	`${name}@${version} can still be installed by its exact version`,
	`version number ${version} of ${name} is used up for ever`,
	...(from === 'exposed' ? [`installations of ${name}@${version} that happened stay as they are`] : []),
];

const toForeignRemains = (identity: Identity): string =>
	`${toKey(identity)} on the registry holds other bytes, which are not ours, and was left alone`;

interface CleanUp {
	/** Something was taken away or marked. */
	readonly changed: boolean;
	readonly remains: readonly string[];
}

/** A package's only version stays its default: registries do not let `latest` go. */
const toLatestRemains = async (target: Target, { name, version }: Identity, change: Change) =>
	(await readTags(target, name, change.context)).get(LATEST) === version
		? [`dist-tag ${LATEST} of ${name} still names ${version}: a registry cannot be without it`]
		: [];

/** Has the registry accepted this version, though it does not show it yet? */
const isAwaited = async (target: Target, identity: Identity, change: Change): Promise<boolean> => {
	const { name, version } = identity;
	const tags = await readTags(target, name, change.context);
	return [...tags.values()].includes(version) || target.acknowledged.has(toKey(identity));
};

const cleanUp = async (
	target: Target,
	subject: Subject,
	{ from, change }: { readonly from: Visibility; readonly change: Change },
): Promise<CleanUp> => {
	const identity = { name: toName(subject), version: subject.version };
	const staged =
		subject.mode.name === 'stage'
			? await dropStaged(target, subject, change)
			: { changed: false, remains: [] };
	const holding = await readHolding(target, subject, change.context);
	// Somebody else's may come into view between two reads.
	if (holding === 'foreign')
		return { changed: staged.changed, remains: [...staged.remains, toForeignRemains(identity)] };
	if (holding === 'none' && !(await isAwaited(target, identity, change))) return staged;
	const tag = await removeHiddenTag(target, identity, change);
	const message =
		from === 'exposed'
			? toWithdrawnMark(change.reason, subject.pointer.previous)
			: toNeverReleasedMark(change.reason);
	const marked = await setMark(target, { ...identity, message }, change);
	const latest = await toLatestRemains(target, identity, change);
	return {
		changed: staged.changed || tag === 'removed' || marked.outcome === 'marked',
		remains: [...latest, ...staged.remains, ...toMarkRemains(identity, marked), ...toKept(identity, from)],
	};
};

/** Somebody else's version under our number: neither it nor a dist-tag that names it is ours to change. */
const findForeign = async (
	target: Target,
	subject: Subject,
	{ context }: Change,
): Promise<Withdrawal | undefined> => {
	if ((await readHolding(target, subject, context)) !== 'foreign') return undefined;
	const identity = { name: toName(subject), version: subject.version };
	const current = (await readTags(target, identity.name, context)).get(subject.pointer.name) ?? null;
	return { subject, outcome: 'not-ours', current, remains: [toForeignRemains(identity)] };
};

const withdrawOne = async (
	target: Target,
	subject: Subject,
	{ from, change }: { readonly from: Visibility; readonly change: Change },
): Promise<Withdrawal> => {
	const foreign = await findForeign(target, subject, change);
	if (foreign) return foreign;
	const pointer = await movePointerBack(target, subject, change);
	const { current } = pointer;
	if (pointer.outcome === 'not-ours' && from === 'exposed') {
		const { name, next } = subject.pointer;
		const identity = { name: toName(subject), version: subject.version };
		const remains = [
			`${toName(subject)}: dist-tag ${name} names ${current ?? 'nothing'}, not ${next}: left alone`,
			`${toKey(identity)} is not deprecated: ranges that ask for it still get it; mark it with \`npm deprecate\``,
		];
		return { subject, outcome: 'not-ours', current, remains };
	}
	const cleaned = await cleanUp(target, subject, { from, change });
	const outcome = pointer.outcome === 'withdrawn' || cleaned.changed ? 'withdrawn' : 'already';
	return { subject, outcome, current, remains: cleaned.remains };
};

/** Moves each dist-tag back where it is still ours, dependents first; then deprecates and removes hidden tags. */
export const withdraw = async (
	target: Target,
	subjects: readonly Subject[],
	{ from, change }: { readonly from: Visibility; readonly change: Change },
): Promise<readonly Withdrawal[]> => {
	const withdrawals: Withdrawal[] = [];
	for (const subject of toDependencyOrder(subjects).toReversed())
		withdrawals.push(await withdrawOne(target, subject, { from, change }));
	return withdrawals;
};
