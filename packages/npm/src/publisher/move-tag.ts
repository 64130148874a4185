import type { ChangeContext, Context } from '@slipway/core';
import type { HttpReply } from '@slipway/http';
import { classifyReply } from '../registry/classify-reply.ts';
import { removeDistTag, writeDistTag } from '../registry/dist-tags.ts';
import { toChangeError, toLostError } from './errors.ts';
import { readTags } from './read.ts';
import type { Target } from './target.ts';
import { waitAsAsked } from './wait-as-asked.ts';

export interface TagMove {
	readonly name: string;
	readonly tag: string;
	/** null: the tag must not exist. */
	readonly from: string | null;
	/** null: the tag is removed. */
	readonly to: string | null;
}

export interface TagMoved {
	/** `conflict`: it is neither `from` nor `to`; nothing of it was overwritten that was seen. */
	readonly outcome: 'moved' | 'already' | 'conflict';
	readonly current: string | null;
}

const READ_BACK_TRIES = 3;
const READ_BACK_PAUSE_MS = 150;

const readTag = async (target: Target, { name, tag }: TagMove, context: Context): Promise<string | null> =>
	(await readTags(target, name, context)).get(tag) ?? null;

/** Reads until the tag has left `from`; a registry may need a moment to show its own change. */
const readBack = async (target: Target, move: TagMove, context: Context): Promise<string | null> => {
	for (let tries = 1; ; tries += 1) {
		const current = await readTag(target, move, context);
		if (current !== move.from || tries === READ_BACK_TRIES) return current;
		await context.clock.sleep(READ_BACK_PAUSE_MS, context.signal);
	}
};

const send = (
	target: Target,
	{ name, tag, to }: TagMove,
	rights: { readonly context: Context; readonly authorization: string | undefined },
): Promise<HttpReply> => {
	const request = { name, tag, ...rights };
	return to === null
		? removeDistTag(target.registry, request)
		: writeDistTag(target.registry, { ...request, version: to });
};

const toSeen = (current: string | null, { from, to }: TagMove): TagMoved | undefined => {
	if (current === to) return { outcome: 'already', current };
	return current === from ? undefined : { outcome: 'conflict', current };
};

/**
 * Moves a dist-tag from one value to another: read, compare, write, read back. The registry's write is unconditional,
 * so the last comparison comes after the rights are there, and nothing but the guard between it and the write. What the
 * registry has accepted counts as moved, though a cache may show the old value for a while.
 * @throws SlipwayError NPM_CHANGE_REFUSED, NPM_OTP_NEEDED, NPM_REPLY_LOST, NPM_REGISTRY_UNREACHABLE, NPM_OIDC_FAILED
 */
export const moveTag = async (target: Target, move: TagMove, change: ChangeContext): Promise<TagMoved> => {
	const { context, guard } = change;
	const before = toSeen(await readTag(target, move, context), move);
	if (before) return before;
	const authorization = await target.credentials.authorize(move.name, 'dist-tag', context);
	const meanwhile = toSeen(await readTag(target, move, context), move);
	if (meanwhile) return meanwhile;
	await guard();
	const answer = classifyReply(await send(target, move, { context, authorization }), context.clock.now());
	if ('message' in answer) throw toChangeError(`${move.name}: dist-tag ${move.tag}`, answer, target);
	await waitAsAsked(answer, context);
	const current = await readBack(target, move, context);
	if (current === move.to) return { outcome: 'moved', current };
	if (current !== move.from) return { outcome: 'conflict', current };
	if (answer.kind === 'accepted') return { outcome: 'moved', current: move.to };
	const reason = 'reason' in answer ? answer.reason : answer.kind;
	throw toLostError(`${move.name}: dist-tag ${move.tag}`, reason);
};
