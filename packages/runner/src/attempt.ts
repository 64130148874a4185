import { SlipwayError, toPrintable } from '@slipway/core';
import { listArtifacts, type RunArtifact } from './artifact.ts';
import type { ArtifactAccess } from './artifact-service.ts';
import type { RunnerCode } from './runner-error.ts';

/** The number of this attempt of the run; 1 where nobody says. */
const toAttempt = ({ environment }: Pick<ArtifactAccess, 'environment'>): number =>
	Number(environment.GITHUB_RUN_ATTEMPT || 1);

/** The attempt in `<prefix>-<attempt>.tar`; undefined for other names. */
const parseAttempt = (name: string, prefix: string): number | undefined => {
	if (!name.startsWith(`${prefix}-`)) return undefined;
	const [, digits] = /^([1-9]\d{0,4})\.tar$/.exec(name.slice(prefix.length + 1)) ?? [];
	return digits === undefined ? undefined : Number(digits);
};

/**
 * The artifact `<prefix>-<attempt>.tar` of the highest attempt: jobs that are not run again keep what they left earlier.
 * @throws SlipwayError RUNNER_ARTIFACT_INVALID where one says that it is of an attempt that has not begun: nobody but code
 * that runs in a job of this run can have made it
 */
export const findNewest = <Artifact extends RunArtifact>(
	prefix: string,
	artifacts: readonly Artifact[],
	access: Pick<ArtifactAccess, 'environment'>,
): Artifact | undefined => {
	const found = artifacts
		.flatMap((artifact) => {
			const attempt = parseAttempt(artifact.name, prefix);
			return attempt === undefined ? [] : [{ artifact, attempt }];
		})
		.sort((a, b) => b.attempt - a.attempt);
	const [newest] = found;
	if (!newest || newest.attempt <= toAttempt(access)) return newest?.artifact;
	throw new SlipwayError<RunnerCode>(
		'RUNNER_ARTIFACT_INVALID',
		`expected artifacts of attempts up to ${toAttempt(access)}, got ${toPrintable(newest.artifact.name, 200)}`,
		{ hint: 'Find out which job uploaded it: it may have been put there to take the place of a later one.' },
	);
};

/**
 * As findNewest, of the artifacts of this run.
 * @throws SlipwayError RUNNER_ARTIFACT_MISSING, RUNNER_ARTIFACT_INVALID, RUNNER_ARTIFACT_FAILED
 */
export const requireNewest = async (prefix: string, access: ArtifactAccess): Promise<RunArtifact> => {
	const newest = findNewest(prefix, await listArtifacts(prefix, access), access);
	if (newest) return newest;
	throw new SlipwayError<RunnerCode>(
		'RUNNER_ARTIFACT_MISSING',
		`expected an artifact ${toPrintable(prefix, 200)}-ATTEMPT.tar in this run, got none`,
		{
			hint: 'Look at the job that uploads it, and name its artifact so. Run all jobs again where it is gone.',
		},
	);
};
