import { toPrintable } from '@slipway/core';
import type { TakenOver } from '@slipway/deb';

const WORDS: Readonly<Record<TakenOver['outcome'], string>> = {
	'taken-over': 'taken over',
	already: 'is signed by Slipway already: nothing to do',
	looked: 'can be taken over; nothing was changed',
};

const toFacts = ({ packages, copied, components, architectures }: TakenOver): string =>
	`${packages} packages compared with the signed index, ${copied} files copied; ${components.join(' ')} for ${architectures.join(' ')}`;

/** What `slipway apt take-over` prints of one suite. */
export const toTakenOverText = (suite: TakenOver): string =>
	[
		`${suite.suite}: ${WORDS[suite.outcome]}`,
		...(suite.outcome === 'already' ? [] : [`  ${toPrintable(toFacts(suite), 500)}`]),
		...suite.findings.map(({ message, hint }) => `  warning ${toPrintable(message, 500)}\n    do: ${hint}`),
	].join('\n');
