import type { Artifact, Context, Finding, Preflight, PreflightRequest, Subject } from '@slipway/core';
import { readImmutableReleases } from '../settings/repository.ts';
import { toFinding } from './errors.ts';
import { readHeld } from './held.ts';
import { readPointer } from './pointer.ts';
import { checkFiles, checkHeld, checkOrder, checkTag } from './release-checks.ts';
import { checkRepository } from './repository-checks.ts';
import {
	isPrerelease,
	LATEST,
	OWN,
	restOf,
	type Target,
	toFiles,
	toRepositoryPurl,
	toTag,
} from './target.ts';

type Request = Extract<PreflightRequest, { readonly operation: 'release' }>;

const toSubject = (target: Target, artifacts: readonly Artifact[], pointer: Subject['pointer']): Subject => ({
	target: target.id,
	id: toRepositoryPurl(target.rest),
	version: target.version,
	artifacts: [...artifacts],
	mode: { name: 'draft', hides: true },
	pointer,
	dependsOn: [],
});

/** A pre-release, or a version of an older line, is published beside the latest. */
const toPointerName = ({ version }: Target, line: string | undefined): string =>
	isPrerelease(version) || line !== undefined ? OWN : LATEST;

const checkFirst = (previous: string | null, name: string): readonly Finding[] => {
	if (previous !== null || name !== LATEST) return [];
	const text = {
		message:
			'no release is the latest yet, so a rollback has nothing to go back to: it can only mark this one',
		hint: 'Nothing is to be done: the next release will have this one before it.',
	};
	return [toFinding('warning', 'GITHUB_FIRST_RELEASE', text)];
};

/** Immutable releases are a choice of the repository; who may not ask learns it when it is sealed. */
const tellImmutable = async (target: Target, context: Context): Promise<void> => {
	const setting = await readImmutableReleases(restOf(target, context));
	if (setting.state === 'known' && setting.value.enabled)
		context.log.info(
			`${target.id}: releases of ${target.rest.repository} are immutable: once sealed, only title and notes can change`,
		);
};

/** What a release of these artifacts would find: rights, tag, drafts and releases of this version, and what is latest. */
export const preflightRelease = async (
	target: Target,
	{ artifacts, line }: Request,
	context: Context,
): Promise<Preflight> => {
	if (artifacts.length === 0) return { findings: [], subjects: [] };
	const { findings: general, repository } = await checkRepository(target, context, true);
	if (!repository) return { findings: general, subjects: [] };
	await tellImmutable(target, context);
	const tag = toTag(target, target.version);
	const name = toPointerName(target, line);
	const held = await readHeld(target, target.version, context);
	const pointer = { name, previous: null, next: tag };
	const previous = await readPointer(target, pointer, { context, known: held.published });
	const findings = [
		...general,
		...(await checkTag(target, tag, context)),
		...checkHeld(target, held, { tag, artifacts }),
		...checkFiles(await toFiles(target, artifacts)),
		...(name === LATEST ? checkOrder(target, previous) : []),
		...checkFirst(previous, name),
	];
	const subject = toSubject(target, artifacts, { ...pointer, previous });
	return { findings, subjects: [{ subject, current: previous }] };
};
