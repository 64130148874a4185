import { type Artifact, MEDIA_TYPES, SlipwayError } from '@slipway/core';
import type { GateReport } from '@slipway/gate';
import type { ReleaseCode } from '@slipway/release';
import type { PlanPreview, PreviewFinding } from '@slipway/report';

/** What a job without credentials cannot have, and is not meant to. */
const CREDENTIALS = new Set([
	'NPM_NO_CREDENTIALS',
	'NPM_DEPRECATE_NEEDS_TOKEN',
	'APT_KEY_MISSING',
	'GITHUB_TOKEN_MISSING',
]);

/** Somebody has used this version already: what most changes to a project find. */
const TAKEN = new Set([
	'NPM_VERSION_CONFLICT',
	'NPM_VERSION_BURNT',
	'NPM_VERSION_BELOW_DEFAULT',
	'NPM_VERSION_BELOW_LINE',
	'APT_VERSION_TAKEN',
	'APT_VERSION_LOWER',
	'GITHUB_RELEASE_TAKEN',
	'GITHUB_TAG_TAKEN',
]);

interface Expected {
	readonly proposal: boolean;
	readonly artifacts: readonly Artifact[];
	/** Whether there is a plan. */
	readonly planned: boolean;
}

/** Where nothing takes an artifact because its target could not be looked at, that has been said. */
const isUnseen = (
	{ code, message }: PreviewFinding,
	all: readonly PreviewFinding[],
	artifacts: readonly Artifact[],
) =>
	code === 'PLAN_ARTIFACT_UNUSED' &&
	all.some((finding) => finding.code === 'PLAN_TARGET_UNSEEN') &&
	artifacts.some(({ name, mediaType }) => mediaType === MEDIA_TYPES.deb && message.endsWith(` ${name}`));

const NOTHING: PreviewFinding = {
	target: '-',
	severity: 'error',
	code: 'PLAN_NOTHING_TO_PUBLISH' satisfies ReleaseCode,
	message: 'expected at least one artifact that a target takes, got none',
	hint: 'Look at `targets:` in slipway.yml and at the artifacts in the Release folder.',
};

const hasErrors = (findings: readonly PreviewFinding[]): boolean =>
	findings.some(({ severity }) => severity === 'error');

/**
 * The findings that people should read: for a proposal without those about credentials, and with a version that is out
 * already as a warning.
 */
export const withoutExpected = (
	all: readonly PreviewFinding[],
	{ proposal, artifacts, planned }: Expected,
): PreviewFinding[] => {
	const found = all.filter((finding) => !isUnseen(finding, all, artifacts));
	const isEmpty = !planned && !hasErrors(all) && !all.some(({ code }) => code === 'PLAN_TARGET_UNSEEN');
	if (isEmpty) return [...found, NOTHING];
	if (!proposal) return found;
	return found
		.filter(({ code }) => !CREDENTIALS.has(code))
		.map((finding) =>
			TAKEN.has(finding.code)
				? { ...finding, severity: 'warning', hint: `Before a release: ${finding.hint}` }
				: finding,
		);
};

export const toVerdict = (
	findings: readonly PreviewFinding[],
	gates: GateReport | undefined,
): PlanPreview['verdict'] => {
	if (hasErrors(findings) || gates?.overall === 'fail') return 'fail';
	return findings.length > 0 || gates?.overall === 'warn' ? 'warn' : 'pass';
};

/** Why a release would be refused; undefined where it would not. */
export const toRefusal = async (
	{ project, version, findings }: PlanPreview,
	gates: GateReport | undefined,
): Promise<SlipwayError | undefined> => {
	const errors = findings.filter(({ severity }) => severity === 'error');
	if (errors.length > 0) {
		const lines = errors.map(({ target, code, message }) => `${target}: ${code} ${message}`);
		return new SlipwayError<ReleaseCode>(
			'PLAN_REFUSED',
			`a release of ${project} ${version} would be refused:\n  ${lines.join('\n  ')}`,
			{ hint: [...new Set(errors.map(({ hint }) => hint))].join('\n') },
		);
	}
	const { findRefusal } = await import('@slipway/gate');
	return gates && findRefusal(gates);
};
