import type { ChangeContext } from '@slipway/core';
import { classifyReply } from '../registry/classify-reply.ts';
import { findStaged, rejectStaged } from '../registry/staged.ts';
import { type Identity, type Target, toKey } from './target.ts';

/**
 * Rejects a staged version. Registries let only a person with a second factor do that; where it is asked for, the
 * version stays staged and is named.
 * @returns whether it was rejected, and what is left for a person to do
 */
export const dropStaged = async (
	target: Target,
	identity: Identity,
	{ context, guard }: ChangeContext,
): Promise<{ readonly changed: boolean; readonly remains: readonly string[] }> => {
	const what = toKey(identity);
	const authorization = await target.credentials.authorize(identity.name, 'mark', context);
	const staged = await findStaged(target.registry, { ...identity, context, authorization });
	if (staged.state === 'absent') return { changed: false, remains: [] };
	if (staged.state === 'unknown') {
		const look = `${what} may still be staged: look with \`npm stage list\`, reject it with \`npm stage reject\``;
		return { changed: false, remains: [look] };
	}
	await guard();
	const reply = await rejectStaged(target.registry, staged.value, { context, authorization });
	if (classifyReply(reply, context.clock.now()).kind === 'accepted') return { changed: true, remains: [] };
	return {
		changed: false,
		remains: [`${what} is still staged: reject it with \`npm stage reject ${staged.value}\``],
	};
};
