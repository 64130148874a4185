import type { Context, Finding } from '@slipway/core';
import * as v from 'valibot';
import { toRestError } from '../rest/failure.ts';
import { askPatiently, readPatiently } from '../rest/patience.ts';
import { REPOSITORY_REQUEST, type RepositoryFacts } from '../settings/repository.ts';
import { toFinding } from './errors.ts';
import { restOf, type Target, toTag } from './target.ts';

const NO_TOKEN = {
	message: 'expected a token that may write releases, found none',
	hint: 'On GitHub: give the step `token` (its default is the token of the job) and add `contents: write` to the permissions of the job. Elsewhere: set GH_TOKEN.',
};

const NO_RIGHT = {
	message: 'expected a token that may write releases, got one that may not',
	hint: 'Add `contents: write` to the permissions of the job (or of the token).',
};

/**
 * Having release notes generated needs the right to write and changes nothing: so the right is tried out without a write.
 */
const mayWrite = async (target: Target, context: Context): Promise<boolean> => {
	const rest = restOf(target, context);
	const body = { tag_name: toTag(target, target.version) };
	const reply = await askPatiently(rest, () =>
		rest.send({ method: 'POST', path: 'releases/generate-notes', body, schema: v.unknown() }),
	);
	return reply.kind !== 'no-right' && reply.kind !== 'unauthorized' && reply.kind !== 'not-found';
};

/** All that a release and its rollback write needs one right. A job that only plans is warned at most. */
export const checkRights = async (
	target: Target,
	{ permissions }: Pick<RepositoryFacts, 'permissions'>,
	context: Context,
): Promise<readonly Finding[]> => {
	if (!target.rest.hasToken)
		return [toFinding(target.needsCredentials ? 'error' : 'warning', 'GITHUB_NO_TOKEN', NO_TOKEN)];
	if (!target.needsCredentials || permissions?.push === true) return [];
	if (await mayWrite(target, context)) return [];
	return [toFinding('error', 'GITHUB_NO_RIGHT', NO_RIGHT)];
};

const checkState = ({ rest }: Target, { name, archived }: RepositoryFacts): readonly Finding[] => {
	if (name.toLowerCase() !== rest.repository.toLowerCase()) {
		const text = {
			message: `expected the repository ${rest.repository}, got ${name}: it was renamed or moved`,
			hint: `Set \`repository: ${name}\` of the target in slipway.yml.`,
		};
		return [toFinding('error', 'GITHUB_MOVED', text)];
	}
	if (!archived) return [];
	const text = {
		message: `${name} is archived: nothing can be written`,
		hint: 'Unarchive it in its settings.',
	};
	return [toFinding('error', 'GITHUB_ARCHIVED', text)];
};

export interface RepositoryCheck {
	readonly findings: readonly Finding[];
	/** Undefined where nothing more can be asked. */
	readonly repository: RepositoryFacts | undefined;
}

/** Is the repository there, and may this token do what has to be done? */
export const checkRepository = async (
	target: Target,
	context: Context,
	writes: boolean,
): Promise<RepositoryCheck> => {
	const rest = restOf(target, context);
	const reply = await readPatiently(rest, () => rest.send(REPOSITORY_REQUEST), 2);
	if (reply.kind !== 'ok') {
		const error = toRestError(`repository ${rest.repository}`, reply);
		return { findings: [toFinding('error', error.code, error)], repository: undefined };
	}
	const rights = writes ? await checkRights(target, reply.value, context) : [];
	return { findings: [...checkState(target, reply.value), ...rights], repository: reply.value };
};
