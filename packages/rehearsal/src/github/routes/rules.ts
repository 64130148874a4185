import { matchesGlob } from 'node:path';
import { type Call, Refusal, toActor } from '../server/call.ts';
import { replyError } from '../server/replies.ts';
import type { Repository, Ruleset } from '../state/repository.ts';

/** What is to happen to a ref. */
export interface RefChange {
	/** `refs/heads/…` or `refs/tags/…`. */
	readonly ref: string;
	readonly change: 'creation' | 'update' | 'deletion' | 'non_fast_forward';
}

const isMeant = (pattern: string, ref: string, { settings }: Repository): boolean =>
	pattern === '~ALL' ||
	(pattern === '~DEFAULT_BRANCH' && ref === `refs/heads/${settings.defaultBranch}`) ||
	matchesGlob(ref, pattern);

/** The rulesets that bind a ref. */
export const findRulesets = (ref: string, repository: Repository): readonly Ruleset[] => {
	const target = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
	return repository.rulesets.filter(
		(each) =>
			each.target === target &&
			each.include.some((pattern) => isMeant(pattern, ref, repository)) &&
			!each.exclude.some((pattern) => isMeant(pattern, ref, repository)),
	);
};

const TEXTS = {
	creation: 'Cannot create ref due to creations being restricted.',
	update: 'Cannot update this protected ref.',
	deletion: 'Cannot delete this protected ref.',
	non_fast_forward: 'Cannot force-push to this protected ref.',
} as const;

/** Why a ref must stay as it is; undefined: nothing says so. */
export const findViolation = (
	{ ref, change }: RefChange,
	{ repository, login }: { readonly repository: Repository; readonly login: string },
): string | undefined => {
	const locked = ref.startsWith('refs/tags/') && repository.burntTags.has(ref.slice('refs/tags/'.length));
	// The tag of an immutable release stays where it is, and nobody takes its name again.
	if (locked) return TEXTS[change];
	const binding = findRulesets(ref, repository).some(
		({ enforcement, rules, bypass }) =>
			enforcement === 'active' && !bypass.includes(login) && rules.some(({ type }) => type === change),
	);
	return binding ? TEXTS[change] : undefined;
};

/** @throws Refusal */
export const checkRules = (change: RefChange, call: Call): void => {
	const text = findViolation(change, { repository: call.repository, login: toActor(call) });
	if (text === undefined) return;
	throw new Refusal(replyError(422, `Repository rule violations found\n\n${text}\n\n`));
};
