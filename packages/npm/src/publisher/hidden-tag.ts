import type { ChangeContext } from '@slipway/core';
import { classifyReply } from '../registry/classify-reply.ts';
import { removeDistTag } from '../registry/dist-tags.ts';
import { readTags } from './read.ts';
import { toHiddenTag } from './tags.ts';
import { type Identity, type Target, toKey } from './target.ts';

/**
 * Removes the dist-tag under which a version was hidden, where it is still there. Nothing depends on it, so a failure
 * is a warning.
 */
export const removeHiddenTag = async (
	target: Target,
	identity: Identity,
	{ context, guard }: ChangeContext,
): Promise<'removed' | 'absent' | 'stays'> => {
	const { name, version } = identity;
	const tag = toHiddenTag(version);
	if ((await readTags(target, name, context)).get(tag) !== version) return 'absent';
	const authorization = await target.credentials.authorize(name, 'dist-tag', context);
	await guard();
	const reply = await removeDistTag(target.registry, { name, tag, context, authorization });
	const answer = classifyReply(reply, context.clock.now());
	if (answer.kind === 'accepted' || answer.kind === 'not-found') return 'removed';
	if ('reason' in answer && !(await readTags(target, name, context)).has(tag)) return 'removed';
	const reason = 'message' in answer ? answer.message : 'reason' in answer ? answer.reason : answer.kind;
	context.log.warning(`${toKey(identity)}: its dist-tag ${tag} stays for now: ${reason}`);
	return 'stays';
};
