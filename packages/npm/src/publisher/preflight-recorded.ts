import type { Context, Finding, Preflight, PreflightRequest, Subject } from '@slipway/core';
import type { NpmCode } from '../code.ts';
import { parseSha512 } from '../registry/integrity.ts';
import type { Packument } from '../registry/read-packument.ts';
import { checkCredentials, checkRegistry, toFinding } from './findings.ts';
import { isOwnMark } from './marks.ts';
import { readPackage } from './read.ts';
import { type Target, toName, toTarball } from './target.ts';

type Recorded = Extract<PreflightRequest, { readonly subjects: readonly Subject[] }>;

const error = (code: NpmCode, message: string, hint: string): readonly Finding[] => [
	toFinding('error', code, { message, hint }),
];

/** @param version the one that is rolled back */
export const toOlderHint = (version: string): string =>
	`Name another version to go back to: \`slipway rollback ${version} --to OLDER --reason TEXT\`.`;

/** Going back needs somewhere to go that is there and was not withdrawn itself. */
const checkPrevious = (subject: Subject, packument: Packument | undefined): readonly Finding[] => {
	const { previous, next, name: tag } = subject.pointer;
	const name = toName(subject);
	if (previous === null) return [];
	const hint = toOlderHint(subject.version);
	if (previous === next)
		return error(
			'NPM_PREVIOUS_UNKNOWN',
			`${name}: no record of what dist-tag ${tag} named before ${next}`,
			hint,
		);
	const manifest = packument?.version(previous);
	if (!manifest)
		return error('NPM_PREVIOUS_MISSING', `expected ${name}@${previous} on the registry, found none`, hint);
	if (!isOwnMark(manifest.deprecated)) return [];
	return error('NPM_PREVIOUS_WITHDRAWN', `${name}@${previous} was withdrawn itself`, hint);
};

/** Restoring needs our version as it was. */
const checkOurs = (subject: Subject, packument: Packument | undefined): readonly Finding[] => {
	const manifest = packument?.version(subject.version);
	const what = `${toName(subject)}@${subject.version}`;
	if (!manifest)
		return error(
			'NPM_NOT_VISIBLE',
			`expected ${what} on the registry, found none`,
			'Release a new version instead.',
		);
	const sha512 = parseSha512(manifest.dist.integrity);
	const expected = toTarball(subject).digest.sha512;
	if (sha512 === undefined || expected === undefined || sha512 === expected) return [];
	return error(
		'NPM_DIGEST_MISMATCH',
		`${what}: expected sha512 ${expected}, got ${sha512}`,
		'Release a new version.',
	);
};

/** Where the subjects of a recorded release stand, and whether the operation can go on. */
export const preflightRecorded = async (
	target: Target,
	{ operation, subjects }: Recorded,
	context: Context,
): Promise<Preflight> => {
	const general = await checkRegistry(target, context);
	if (general.some(({ severity }) => severity === 'error')) return { findings: general, subjects: [] };
	const findings = [...general];
	if (operation !== 'status') findings.push(...(await checkCredentials(target, context, true)));
	const current: Preflight['subjects'][number][] = [];
	for (const subject of subjects) {
		const packument = await readPackage(target, toName(subject), context);
		if (operation === 'rollback')
			findings.push(
				...checkPrevious(subject, packument).map((finding) => ({ ...finding, onlyBack: true as const })),
			);
		if (operation === 'restore') findings.push(...checkOurs(subject, packument));
		current.push({ subject, current: packument?.tags.get(subject.pointer.name) ?? null });
	}
	return { findings, subjects: current };
};
