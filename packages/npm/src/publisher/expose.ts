import {
	type ChangeContext,
	type Exposure,
	SlipwayError,
	type Subject,
	toDependencyOrder,
} from '@slipway/core';
import type { NpmCode } from '../code.ts';
import { removeHiddenTag } from './hidden-tag.ts';
import { isOwnMark, setMark } from './marks.ts';
import { moveTag } from './move-tag.ts';
import { readPackage } from './read.ts';
import { type Identity, type Target, toKey, toName } from './target.ts';

/** A version that was withdrawn before is offered again. */
const clearMark = async (target: Target, identity: Identity, change: ChangeContext): Promise<void> => {
	const shown = (await readPackage(target, identity.name, change.context))?.version(identity.version);
	if (!isOwnMark(shown?.deprecated)) return;
	const cleared = await setMark(target, { ...identity, message: '' }, change);
	if (cleared.outcome !== 'denied') return;
	throw new SlipwayError<NpmCode>(
		'NPM_DEPRECATE_NEEDS_TOKEN',
		`${toKey(identity)}: its deprecation cannot be lifted: ${cleared.reason}`,
		{
			hint: 'Give a token with write access to the package (NODE_AUTH_TOKEN): trusted publishing cannot do this.',
		},
	);
};

const exposeOne = async (target: Target, subject: Subject, change: ChangeContext): Promise<Exposure> => {
	const { name: tag, previous, next } = subject.pointer;
	const identity = { name: toName(subject), version: subject.version };
	const { outcome, current } = await moveTag(
		target,
		{ name: identity.name, tag, from: previous, to: next },
		change,
	);
	if (outcome === 'conflict') return { subject, outcome: 'moved', current };
	await removeHiddenTag(target, identity, change);
	await clearMark(target, identity, change);
	return { subject, outcome: outcome === 'already' ? 'already' : 'exposed', current };
};

/** Moves each dist-tag, dependencies first; then removes the hidden tag and lifts our own deprecation. */
export const expose = async (
	target: Target,
	subjects: readonly Subject[],
	change: ChangeContext,
): Promise<readonly Exposure[]> => {
	const exposures: Exposure[] = [];
	for (const subject of toDependencyOrder(subjects)) exposures.push(await exposeOne(target, subject, change));
	return exposures;
};
