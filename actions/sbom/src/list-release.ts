import { readRelease } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import type { Place, Runner } from '@slipway/runner';

export type SbomActionCode = 'SBOM_SCORE_INVALID' | 'SBOM_SCORE_LOW';

const parseScore = (text: string): number => {
	if (/^(?:10|\d)(?:\.\d)?$/.test(text) && Number(text) <= 10) return Number(text);
	throw new SlipwayError<SbomActionCode>(
		'SBOM_SCORE_INVALID',
		`expected min-score from 0 to 10, got ${JSON.stringify(text.slice(0, 20))}`,
		{ hint: 'Write a number such as 8 or 8.5.' },
	);
};

/** Makes the SBOMs of the Release of a place; fails when one of them says less than is asked for. */
export const listRelease = async (place: Place, least: string, { context }: Runner) => {
	const wanted = parseScore(least);
	const { openProject, sbomProject } = await import('slipway/join');
	const project = await openProject(place);
	const { sboms } = await sbomProject(project, await readRelease(project.releaseFolder), context);
	const [worst] = sboms.toSorted((a, b) => a.score.score - b.score.score);
	if (worst && worst.score.score < wanted)
		throw new SlipwayError<SbomActionCode>(
			'SBOM_SCORE_LOW',
			`expected an SBOM of ${worst.artifact} with a score of at least ${wanted} of 10, got ${worst.score.score}`,
			{ hint: 'Run `slipway sbom` in the project: it names what is missing, component by component.' },
		);
	return {
		version: project.version,
		release: project.releaseFolder,
		score: String(worst?.score.score ?? 10),
	};
};
