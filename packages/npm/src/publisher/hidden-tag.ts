import type { ChangeContext } from '@slipway/core';
import { classifyReply } from '../registry/classify-reply.ts';
import { removeDistTag } from '../registry/dist-tags.ts';
import { readTags } from './read.ts';
import { toHiddenTag } from './tags.ts';
import { type Identity, type Target, toKey } from './target.ts';
import { waitAsAsked } from './wait-as-asked.ts';

const TRIES = 5;
const PAUSE_MS = 200;

interface Removal {
	readonly done: boolean;
	readonly reason: string;
}

/** One try. Removing is idempotent: whatever was lost on the way, the tags tell how it ended. */
const removeOnce = async (
	target: Target,
	{ name, tag }: { name: string; tag: string },
	{ context, guard }: ChangeContext,
): Promise<Removal> => {
	const authorization = await target.credentials.authorize(name, 'dist-tag', context);
	await guard();
	const reply = await removeDistTag(target.registry, { name, tag, context, authorization });
	const answer = classifyReply(reply, context.clock.now());
	if (answer.kind === 'accepted' || answer.kind === 'not-found') return { done: true, reason: '' };
	if ('message' in answer) return { done: false, reason: answer.message };
	await waitAsAsked(answer, context);
	return {
		done: !(await readTags(target, name, context)).has(tag),
		reason: 'reason' in answer ? answer.reason : answer.kind,
	};
};

/**
 * Removes the dist-tag under which a version was hidden, where it is still there; tried a few times. Nothing depends on
 * it, so that a tag which stays is a warning.
 */
export const removeHiddenTag = async (
	target: Target,
	identity: Identity,
	change: ChangeContext,
): Promise<'removed' | 'absent' | 'stays'> => {
	const { name, version } = identity;
	const { clock, log, signal } = change.context;
	const tag = toHiddenTag(version);
	for (let tries = 1; ; tries += 1) {
		if ((await readTags(target, name, change.context)).get(tag) !== version)
			return tries === 1 ? 'absent' : 'removed';
		const { done, reason } = await removeOnce(target, { name, tag }, change);
		if (done) return 'removed';
		if (tries === TRIES) {
			log.warning(`${toKey(identity)}: its dist-tag ${tag} stays for now: ${reason}`);
			return 'stays';
		}
		await clock.sleep(PAUSE_MS * 2 ** (tries - 1), signal);
	}
};
