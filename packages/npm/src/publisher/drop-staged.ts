import { createHash } from 'node:crypto';
import { hashBytes } from '@slipway/archive';
import { type ChangeContext, isSameDigest, type Subject } from '@slipway/core';
import { classifyReply } from '../registry/classify-reply.ts';
import { findStaged, rejectStaged, type Staged } from '../registry/staged.ts';
import { type Target, toKey, toName, toTarball } from './target.ts';
import { waitAsAsked } from './wait-as-asked.ts';

interface Dropped {
	/** It was rejected. */
	readonly changed: boolean;
	/** What is left for a person to do or to know. */
	readonly remains: readonly string[];
}

/** undefined: the bytes are not at hand any more, or are not those of the plan. */
const readSha1 = async (target: Target, subject: Subject): Promise<string | undefined> => {
	const artifact = toTarball(subject);
	const bytes = await target.readArtifact(artifact).catch(() => undefined);
	if (!bytes || !isSameDigest(hashBytes(bytes).digest, artifact.digest)) return undefined;
	return createHash('sha1').update(bytes).digest('hex');
};

/** By its bytes, which a registry names by sha1 only; else by what it answered when this run staged it. */
const checkOwner = async (
	target: Target,
	subject: Subject,
	staged: Staged,
): Promise<'ours' | 'foreign' | 'unknown'> => {
	const sha1 = staged.sha1 && (await readSha1(target, subject));
	if (sha1) return sha1 === staged.sha1 ? 'ours' : 'foreign';
	const key = toKey({ name: toName(subject), version: subject.version });
	return target.acknowledged.get(key) === 'accepted' ? 'ours' : 'unknown';
};

const keep = (text: string): Dropped => ({ changed: false, remains: [text] });

/**
 * Rejects a staged version that holds our bytes. Registries let only a person with a second factor do that; where it is
 * asked for, the version stays staged and is named.
 * @throws SlipwayError NPM_ARTIFACT_CHANGED
 */
export const dropStaged = async (
	target: Target,
	subject: Subject,
	{ context, guard }: ChangeContext,
): Promise<Dropped> => {
	const identity = { name: toName(subject), version: subject.version };
	const what = toKey(identity);
	const authorization = await target.credentials.authorize(identity.name, 'mark', context);
	const reading = await findStaged(target.registry, { ...identity, context, authorization });
	if (reading.state === 'absent') return { changed: false, remains: [] };
	if (reading.state === 'unknown')
		return keep(
			`${what} may still be staged: look with \`npm stage list\`, reject it with \`npm stage reject\``,
		);
	const { id } = reading.value;
	const owner = await checkOwner(target, subject, reading.value);
	if (owner === 'foreign')
		return keep(`${what} is staged with other bytes, which are not ours, and was left alone`);
	if (owner === 'unknown')
		return keep(
			`${what} is staged, and nothing tells whether by this release: look with \`npm stage download ${id}\`, reject it with \`npm stage reject ${id}\``,
		);
	await guard();
	const reply = await rejectStaged(target.registry, id, { context, authorization });
	const answer = classifyReply(reply, context.clock.now());
	if (answer.kind === 'accepted') return { changed: true, remains: [] };
	await waitAsAsked(answer, context);
	return keep(`${what} is still staged: reject it with \`npm stage reject ${id}\``);
};
