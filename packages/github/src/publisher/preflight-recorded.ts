import type { Context, Finding, Preflight, PreflightRequest, Subject } from '@slipway/core';
import { compareAsset } from '../release/asset-file.ts';
import { isWithdrawn } from '../release/marks.ts';
import { readReleaseByTag } from '../release/release.ts';
import { toFinding } from './errors.ts';
import { readPointer } from './pointer.ts';
import { checkRepository } from './repository-checks.ts';
import { LATEST, restOf, type Target, toName } from './target.ts';

type Recorded = Extract<PreflightRequest, { readonly subjects: readonly Subject[] }>;

/** @param version the one that is rolled back */
export const toOlderHint = (version: string): string =>
	`Name another version to go back to: \`slipway rollback ${version} --to OLDER --reason TEXT\`.`;

/** Going back needs a release that is there and was not withdrawn itself. */
const checkPrevious = async (
	target: Target,
	subject: Subject,
	context: Context,
): Promise<readonly Finding[]> => {
	const { previous, next, name } = subject.pointer;
	if (name !== LATEST || previous === null) return [];
	const hint = toOlderHint(subject.version);
	if (previous === next) {
		const message = `no record of what ${name} named before ${next}`;
		return [toFinding('error', 'GITHUB_PREVIOUS_MISSING', { message, hint })];
	}
	const release = await readReleaseByTag(restOf(target, context), previous);
	if (!release) {
		const message = `expected the release ${previous} in ${target.rest.repository}, found none`;
		return [toFinding('error', 'GITHUB_PREVIOUS_MISSING', { message, hint })];
	}
	if (!isWithdrawn(release)) return [];
	const message = `the release ${previous} was withdrawn itself`;
	return [toFinding('error', 'GITHUB_PREVIOUS_WITHDRAWN', { message, hint })];
};

/** Restoring needs our release with its files as they were. */
const checkOurs = async (target: Target, subject: Subject, context: Context): Promise<readonly Finding[]> => {
	const release = await readReleaseByTag(restOf(target, context), subject.pointer.next);
	const hint = 'Release a new version instead.';
	if (!release) {
		const message = `expected ${toName(target, subject)}, found no such release`;
		return [toFinding('error', 'GITHUB_NOT_VISIBLE', { message, hint })];
	}
	const changed = subject.artifacts.find(
		(file) => !['match', 'silent'].includes(compareAsset(release, file)),
	);
	if (!changed) return [];
	const message = `${toName(target, subject)}: ${changed.name} is not there with its sha256 any more`;
	return [toFinding('error', 'GITHUB_ASSET_WRONG', { message, hint })];
};

/** Where the subjects of a recorded release stand, and whether the operation can go on. */
export const preflightRecorded = async (
	target: Target,
	{ operation, subjects }: Recorded,
	context: Context,
): Promise<Preflight> => {
	const { findings: general, repository } = await checkRepository(target, context, operation !== 'status');
	if (!repository) return { findings: general, subjects: [] };
	const findings = [...general];
	const current: Preflight['subjects'][number][] = [];
	for (const subject of subjects) {
		if (operation === 'rollback') {
			const found = await checkPrevious(target, subject, context);
			findings.push(...found.map((finding) => ({ ...finding, onlyBack: true as const })));
		}
		if (operation === 'restore') findings.push(...(await checkOurs(target, subject, context)));
		current.push({ subject, current: await readPointer(target, subject.pointer, { context }) });
	}
	return { findings, subjects: current };
};
