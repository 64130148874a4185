import { parseJson, SlipwayError, toPrintable } from '@slipway/core';
import { listArtifacts, type RunArtifact, type StoredArtifact } from './artifact.ts';
import { type ArtifactAccess, toBackendIds } from './artifact-service.ts';
import { findNewest } from './attempt.ts';
import type { RunnerCode } from './runner-error.ts';

/** What one leg of a matrix left. */
export interface Leg {
	/** Its label in the matrix. */
	readonly runner: string;
	readonly artifact: StoredArtifact;
}

/** What artifact names cannot hold, and control characters. */
const LABEL = /^[^\p{Cc}"\\/:<>|*?]{1,100}$/u;
const MAX_RUNNERS = 256;

const invalid = (problem: string): SlipwayError =>
	new SlipwayError<RunnerCode>('RUNNER_INPUT_INVALID', `runners: ${problem}`, {
		hint: 'Pass the list that the matrix is made of, for example ["ubuntu-24.04", "ubuntu-24.04-arm"].',
	});

const isLabel = (value: unknown): value is string => typeof value === 'string' && LABEL.test(value);

/** @throws SlipwayError RUNNER_INPUT_INVALID */
export const parseRunners = (text: string): readonly string[] => {
	let json: unknown;
	try {
		json = parseJson(text, 'runners');
	} catch {
		throw invalid(`expected a JSON list of labels, got ${JSON.stringify(toPrintable(text, 60))}`);
	}
	if (!Array.isArray(json) || json.length === 0 || json.length > MAX_RUNNERS || !json.every(isLabel))
		throw invalid(`expected 1 to ${MAX_RUNNERS} labels, got ${JSON.stringify(toPrintable(text, 60))}`);
	if (new Set(json).size < json.length) throw invalid('expected each label once');
	return json;
};

/** Names the legs that are not there. @throws SlipwayError RUNNER_ARTIFACT_MISSING */
const checkComplete = (prefix: string, runners: readonly string[], legs: readonly Leg[]): void => {
	const missing = runners.filter((label) => !legs.some(({ runner }) => runner === label));
	if (missing.length === 0) return;
	throw new SlipwayError<RunnerCode>(
		'RUNNER_ARTIFACT_MISSING',
		`expected ${prefix}-RUNNER-ATTEMPT.tar of ${runners.length} runners, got none of ${missing.join(', ')}`,
		{ hint: 'Run the failed jobs again: a release is never joined from some of its legs.' },
	);
};

/**
 * What each leg of a matrix left, `<prefix>-<runner>-<attempt>.tar`, of its highest attempt. Legs that nobody expects are
 * left out, and said.
 * @throws SlipwayError RUNNER_ARTIFACT_MISSING (names the legs), RUNNER_ARTIFACT_INVALID, RUNNER_ARTIFACT_FAILED
 */
export const findLegs = async (
	prefix: string,
	runners: readonly string[],
	access: ArtifactAccess,
): Promise<readonly Leg[]> => {
	const artifacts = await listArtifacts(`${prefix}-`, access);
	const legs = runners.flatMap((runner): Leg[] => {
		const artifact = findNewest(`${prefix}-${runner}`, artifacts, access);
		return artifact ? [{ runner, artifact }] : [];
	});
	checkComplete(prefix, runners, legs);
	const isExpected = ({ name }: RunArtifact): boolean =>
		runners.some((runner) => findNewest(`${prefix}-${runner}`, [{ name, sha256: '' }], access));
	for (const { name } of artifacts.filter((artifact) => !isExpected(artifact)))
		access.context.log.warning(`${toPrintable(name, 200)} is of no runner in the list: left out`);
	return legs;
};

/**
 * Names can be freed and taken again by every job of a run: what one job left is not what another one, which ran other code,
 * has put in its place.
 * @param legs of the jobs that are to be asked for; @param others of jobs that may not have left them
 * @throws SlipwayError RUNNER_ARTIFACT_MISMATCH
 */
export const verifyOtherJobs = (
	legs: readonly Leg[],
	others: readonly Leg[],
	{ ACTIONS_RUNTIME_TOKEN: token = '' }: ArtifactAccess['environment'],
): void => {
	// Engines that run all jobs under one name, this one too, cannot tell.
	const untold = new Set(['', toBackendIds(token).job]);
	const jobs = new Set(others.map(({ artifact }) => artifact.job).filter((job) => !untold.has(job)));
	const replaced = legs.find(({ artifact }) => jobs.has(artifact.job));
	if (!replaced) return;
	throw new SlipwayError<RunnerCode>(
		'RUNNER_ARTIFACT_MISMATCH',
		`expected ${toPrintable(replaced.artifact.name, 200)} of a job of its own, got one of a job that left ${toPrintable(others[0]?.artifact.name ?? '', 200)} or its like`,
		{ hint: 'Nothing was used of it. Look at the code that ran in that job, then run all jobs again.' },
	);
};
