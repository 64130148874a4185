import { toPrintable } from '@slipway/core';
import type { NamedSquash } from '../join/squash.ts';

const MOST_SHOWN = 5;
const AUTHOR = 'slipway';

type Dropped = NamedSquash['dropped'];

const toLine = ({ commit, time, author, subject }: Dropped[number]): string =>
	`  ${commit.slice(0, 12)} ${time.slice(0, 10)} ${toPrintable(author, 40)}: ${toPrintable(subject, 100)}`;

/** The newest few; all of it is in the JSON. */
const toList = (dropped: Dropped): readonly string[] => {
	const more = dropped.length - MOST_SHOWN;
	return [...dropped.slice(0, MOST_SHOWN).map(toLine), ...(more > 0 ? [`  and ${more} more`] : [])];
};

const toOthers = (dropped: Dropped): readonly string[] => {
	const others = dropped.filter(({ author }) => author !== AUTHOR);
	const last = others[0];
	return last ? [`  ! ${others.length} of them by others, the last one:`, toLine(last)] : [];
};

const HEADS: Readonly<Record<NamedSquash['outcome'], (squash: NamedSquash) => string>> = {
	planned: ({ dropped, files }) =>
		`would drop the history of ${dropped.length} commits and keep ${files} files byte for byte; --yes does it`,
	squashed: ({ dropped, files, replacement = '' }) =>
		`dropped the history of ${dropped.length} commits, kept ${files} files byte for byte in ${replacement.slice(0, 12)}`,
	nothing: () => 'nothing to do',
	conflict: () => 'another writer was first; nothing was changed: run the command again',
};

/** What became of each store, or would. */
export const toSquashText = (squashes: readonly NamedSquash[]): string =>
	squashes
		.flatMap((squash) => [
			`${squash.name} (${toPrintable(squash.store, 200)}): ${HEADS[squash.outcome](squash)}`,
			...(squash.outcome === 'planned' ? [...toList(squash.dropped), ...toOthers(squash.dropped)] : []),
		])
		.join('\n');
