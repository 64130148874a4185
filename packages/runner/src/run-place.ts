import { SlipwayError, toPrintable } from '@slipway/core';
import type { RunArtifact } from './artifact.ts';
import type { Environment } from './declaration.ts';
import type { RunnerCode } from './runner-error.ts';

/** An artifact of a run, this one or an earlier one, as a plan names the place of its bytes. */
export interface RunPlace extends RunArtifact {
	/** `OWNER/NAME`. */
	readonly repository: string;
	/** Id of the run. */
	readonly run: string;
}

const SCHEME = 'github-run:';
const PLACE =
	/^github-run:([\w.-]{1,100}\/[\w.-]{1,100})\/(\d{1,20})\/([^\p{Cc}"\\/:<>|*?@]{1,250})@sha256:([0-9a-f]{64})$/u;

/** `github-run:OWNER/NAME/RUN_ID/ARTIFACT@sha256:HEX`; undefined outside a run. */
export const toRunPlace = (
	{ name, sha256 }: RunArtifact,
	{ GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run }: Environment,
): string | undefined =>
	repository && run ? `${SCHEME}${repository}/${run}/${name}@sha256:${sha256}` : undefined;

/**
 * undefined: a place of another kind (a folder).
 * @throws SlipwayError RUNNER_PLACE_INVALID
 */
export const parseRunPlace = (text: string): RunPlace | undefined => {
	if (!text.startsWith(SCHEME)) return undefined;
	const [, repository, run, name, sha256] = PLACE.exec(text) ?? [];
	if (repository && run && name && sha256) return { repository, run, name, sha256 };
	throw new SlipwayError<RunnerCode>(
		'RUNNER_PLACE_INVALID',
		`expected ${SCHEME}OWNER/NAME/RUN/ARTIFACT@sha256:HEX, got ${toPrintable(JSON.stringify(text), 200)}`,
		{ hint: 'The journal was edited or damaged. Name the Release yourself (`artifact` or `release`).' },
	);
};
