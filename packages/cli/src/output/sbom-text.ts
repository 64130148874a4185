import { toPrintable } from '@slipway/core';
import type { SbomScore } from '@slipway/sbom';
import type { SbomReport } from '../join/sbom.ts';

const MAX_MISSING = 20;

const toRuleLines = ({ rules }: SbomScore): string[] =>
	rules
		.filter(({ met, of }) => met < of)
		.map(({ id, standard, met, of }) => `  ${standard}: ${id}: ${met} of ${of}`);

const toMissingLines = ({ missing }: SbomScore): string[] => [
	...missing.slice(0, MAX_MISSING).map((line) => `  missing: ${toPrintable(line, 300)}`),
	...(missing.length > MAX_MISSING ? [`  and ${missing.length - MAX_MISSING} more (--json lists all)`] : []),
];

/** A score for people: the figure, which demands are not met by all, and by whom. */
export const toScoreText = (score: SbomScore): string =>
	[
		`score ${score.score} of 10 (NTIA ${score.standards.NTIA}, BSI TR-03183-2 ${score.standards.BSI})`,
		...toRuleLines(score),
		...toMissingLines(score),
	].join('\n');

/** The SBOMs of a Release for people. */
export const toSbomText = ({ sboms, kept }: SbomReport): string =>
	[
		...sboms.flatMap(({ artifact, components, files, score }) => [
			`${toPrintable(artifact)}: ${components} components, ${toScoreText(score)}`,
			...files.map((file) => `  ${toPrintable(file)}`),
		]),
		kept ? 'nothing changed' : 'the SBOMs are new',
	].join('\n');
