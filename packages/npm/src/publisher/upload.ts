import { hashBytes } from '@slipway/archive';
import {
	type Artifact,
	type ChangeContext,
	isSameDigest,
	SlipwayError,
	type Subject,
	type UploadOutcome,
} from '@slipway/core';
import type { NpmCode } from '../code.ts';
import { toEscapedName } from '../package-name.ts';
import { verifyPublishable } from '../publish-check.ts';
import { readPackage } from '../read-package.ts';
import { classifyReply, type ReplyClass } from '../registry/classify-reply.ts';
import { type PackageFacts, toPublishDocument } from '../registry/publish-document.ts';
import { toPublishError } from './errors.ts';
import { readTags } from './read.ts';
import { toHiddenTag } from './tags.ts';
import { type Target, toIdentity, toKey } from './target.ts';

const changed = (artifact: Artifact, detail: string): SlipwayError =>
	new SlipwayError<NpmCode>('NPM_ARTIFACT_CHANGED', `${artifact.name}: ${detail}`, {
		hint: 'The bytes are not those that were built and tested. Fetch the Release again, or build a new version.',
	});

/** The bytes, once more compared with the plan, and what they say of themselves. */
const readChecked = async (target: Target, artifact: Artifact): Promise<[Uint8Array, PackageFacts]> => {
	const bytes = await target.readArtifact(artifact);
	const { size, digest } = hashBytes(bytes);
	if (size !== artifact.size || !isSameDigest(digest, artifact.digest))
		throw changed(artifact, `expected sha256 ${artifact.digest.sha256}, got ${digest.sha256}`);
	const facts = await readPackage(bytes, artifact.name);
	const { name, version } = facts.packageJson;
	const expected = toIdentity(artifact.purl);
	if (name !== expected.name || version !== expected.version)
		throw changed(artifact, `expected ${toKey(expected)} inside, got ${name}@${version}`);
	verifyPublishable(facts.packageJson, target.registry.url);
	return [bytes, facts];
};

/** Where nothing hides, the upload moves the pointer: only from the value that the plan saw. */
const verifyPointer = async (target: Target, subject: Subject, change: ChangeContext): Promise<void> => {
	const { name } = toIdentity(subject.id);
	const { name: tag, previous, next } = subject.pointer;
	const current = (await readTags(target, name, change.context)).get(tag) ?? null;
	if (current === previous || current === next) return;
	throw new SlipwayError<NpmCode>(
		'NPM_POINTER_MOVED',
		`${name}: expected dist-tag ${tag} at ${previous ?? 'nothing'}, got ${current ?? 'nothing'}`,
		{
			hint: `Another release moved it meanwhile. Look at that one, then go on with \`slipway continue ${subject.version} --repoint\`.`,
		},
	);
};

const toOutcome = (target: Target, artifact: Artifact, answer: ReplyClass): UploadOutcome => {
	const identity = toIdentity(artifact.purl);
	switch (answer.kind) {
		case 'accepted':
		case 'staged':
			target.acknowledged.set(toKey(identity), answer.kind);
			return { outcome: 'accepted' };
		case 'taken':
			target.acknowledged.set(toKey(identity), answer.kind);
			return { outcome: 'unknown', reason: 'the registry says that this version is used up' };
		case 'busy':
		case 'unknown':
			return { outcome: 'unknown', reason: answer.reason, retryAfterMs: answer.retryAfterMs };
		default:
			throw toPublishError(identity.name, answer, target);
	}
};

/** Publishes under the hidden dist-tag, stages under it, or (mode direct) under the pointer itself. One request. */
export const upload = async (
	target: Target,
	artifact: Artifact,
	{ subject, change }: { readonly subject: Subject; readonly change: ChangeContext },
): Promise<UploadOutcome> => {
	const { context, guard } = change;
	const [bytes, facts] = await readChecked(target, artifact);
	const { name, version } = facts.packageJson;
	const isStage = subject.mode.name === 'stage';
	const isDirect = subject.mode.name === 'direct';
	const value = toPublishDocument({
		facts,
		bytes,
		tag: isDirect ? subject.pointer.name : toHiddenTag(version),
		access: facts.packageJson.publishConfig?.access === 'restricted' ? 'restricted' : target.access,
		registry: target.registry.url,
		provenance: (await target.provenance(artifact))?.text,
	});
	const authorization = await target.credentials.authorize(name, isStage ? 'stage' : 'publish', context);
	if (isDirect) await verifyPointer(target, subject, change);
	await guard();
	const path = isStage ? `-/stage/package/${toEscapedName(name)}` : toEscapedName(name);
	const options = { context, authorization, value, command: isStage ? 'stage' : 'publish' };
	const reply = await target.registry.write(isStage ? 'POST' : 'PUT', path, options);
	return toOutcome(target, artifact, classifyReply(reply, context.clock.now()));
};
