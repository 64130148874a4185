import { type Artifact, compareVersions, type Finding, findDistTagProblem } from '@slipway/core';
import type { NpmCode } from '../code.ts';
import type { PackageJson } from '../package-json.ts';
import { parseSha512 } from '../registry/integrity.ts';
import type { Packument } from '../registry/read-packument.ts';
import { toFinding } from './findings.ts';
import { LATEST } from './tags.ts';
import type { Target } from './target.ts';

/** One package of the release: its tarball, and what the registry shows of it now. */
export interface Candidate {
	readonly artifact: Artifact;
	readonly packageJson: PackageJson;
	readonly packument: Packument | undefined;
	readonly tag: string;
}

type Text = { readonly message: string; readonly hint: string };

const toNextHint = 'Release a higher version, or another line of versions with `--line TAG`.';

/** Free, or taken by exactly these bytes. */
export const checkVersion = ({ artifact, packageJson, packument }: Candidate): readonly Finding[] => {
	const { name, version } = packageJson;
	const error = (code: NpmCode, text: Text) => [toFinding('error', code, text)];
	const manifest = packument?.version(version);
	if (!manifest && packument?.times.has(version))
		return error('NPM_VERSION_BURNT', {
			message: `${name}@${version} was published and removed once: its number cannot be used again`,
			hint: 'Release the next version.',
		});
	const sha512 = parseSha512(manifest?.dist.integrity);
	if (sha512 === undefined || artifact.digest.sha512 === undefined || sha512 === artifact.digest.sha512)
		return [];
	return error('NPM_VERSION_CONFLICT', {
		message: `${name}@${version} exists with other bytes: expected sha512 ${artifact.digest.sha512}, got ${sha512}`,
		hint: 'Release the next version; a published one is never replaced. If you did not publish it, find out who did.',
	});
};

/** A dist-tag moves upwards only, whether or not the version is there already: an old release may be run again. */
export const checkOrder = (
	{ packageJson, packument, tag }: Candidate,
	line: string | undefined,
): readonly Finding[] => {
	const { name, version } = packageJson;
	const current = packument?.tags.get(tag);
	if (current === undefined || compareVersions(version, current) >= 0) return [];
	const message = `${name}: expected a version above ${current}, which dist-tag ${tag} names, got ${version}`;
	return line === undefined
		? [toFinding('error', 'NPM_VERSION_BELOW_DEFAULT', { message, hint: toNextHint })]
		: [
				toFinding('error', 'NPM_VERSION_BELOW_LINE', {
					message,
					hint: 'Release a higher version of this line.',
				}),
			];
};

export const checkTag = ({ packageJson, tag }: Candidate): readonly Finding[] => {
	const problem = findDistTagProblem(tag);
	if (problem === undefined) return [];
	const text = {
		message: `${packageJson.name}: dist-tag: ${problem}`,
		hint: 'Choose a word that is no version.',
	};
	return [toFinding('error', 'NPM_TAG_INVALID', text)];
};

/** A first version cannot be hidden. */
export const checkFirst = ({ packageJson, packument }: Candidate, target: Target): readonly Finding[] => {
	if (packument) return [];
	const { name, version } = packageJson;
	if (target.mode === 'stage')
		return [
			toFinding('error', 'NPM_STAGE_NEEDS_PACKAGE', {
				message: `${name} does not exist yet, so that its first version cannot be staged`,
				hint: 'Publish a first version with `mode: direct`, then go back to `mode: stage`.',
			}),
		];
	const message = `${name}@${version} is the first version: it becomes ${LATEST} at once and cannot be hidden`;
	return [
		toFinding('warning', 'NPM_FIRST_VERSION_PUBLIC', {
			message,
			hint: 'Nothing to do. It is uploaded after all that can be hidden; taking it back means deprecating it.',
		}),
	];
};
