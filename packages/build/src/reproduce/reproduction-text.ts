import { toPrintable } from '@slipway/core';
import { toDifferenceText } from '../compare/difference-text.ts';
import type { Reproduction } from './reproduce.ts';

const MAX_DIFFERENCES = 50;

const VERDICTS = {
	identical: 'identical',
	differs: 'differs',
	missing: 'was not made by the second build',
	added: 'was made by the second build only',
} as const;

const toArtifactLines = ({ name, verdict, differences }: Reproduction['artifacts'][number]): string[] => {
	const shown = differences
		.slice(0, MAX_DIFFERENCES)
		.map((difference) => `  ${toDifferenceText(difference)}`);
	const left = differences.length - shown.length;
	return [
		`${toPrintable(name, 200)}: ${VERDICTS[verdict]}`,
		...shown,
		...(left > 0 ? [`  and ${left} more differences`] : []),
	];
};

/** The report of a second build for people. */
export const toReproductionText = ({
	identical,
	artifacts,
	varied,
	kept,
}: Omit<Reproduction, 'text'>): string =>
	[
		identical
			? `reproducible: ${artifacts.length} of ${artifacts.length} artifacts have the same bytes`
			: `not reproducible: ${artifacts.filter(({ verdict }) => verdict !== 'identical').length} of ${artifacts.length} artifacts differ`,
		...artifacts.flatMap(toArtifactLines),
		`varied: ${varied.join('; ')}`,
		...(kept.length > 0 ? [`not varied here: ${kept.join('; ')}`] : []),
	].join('\n');
