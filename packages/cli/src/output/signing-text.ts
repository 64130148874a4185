import { toPrintable } from '@slipway/core';
import type { BundleFacts } from '@slipway/sign';
import type { Signing } from '../join/sign.ts';

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

const toLogText = ({ logIndexes }: BundleFacts): string =>
	logIndexes.length === 0
		? 'in no log'
		: `log index ${logIndexes.map((index) => toPrintable(index)).join(', ')}`;

const toLine = (bundle: BundleFacts): string =>
	`  ${toPrintable(bundle.path)}: ${bundle.kind ?? 'statement'} of ${count(bundle.subjects, 'subject')}, ${toLogText(bundle)}`;

const toSection = (title: string, bundles: readonly BundleFacts[]): string[] =>
	bundles.length === 0 ? [] : [title, ...bundles.map(toLine)];

/** What was signed, as whom, and where it is logged, for people. */
export const toSigningText = (signing: Signing): string => {
	if (!signing)
		return 'nothing was signed: add `sign: {}` to slipway.yml (keyless), or `sign:` with a key of your own';
	const { signed, kept, removed, record } = signing;
	const signers = [...new Set([...signed, ...kept].map(({ signer }) => signer))];
	return [
		`signed as ${signers.map((signer) => toPrintable(signer, 300)).join(', ')}`,
		...toSection(`${count(signed.length, 'bundle')} signed:`, signed),
		...toSection(`${count(kept.length, 'bundle')} already there, left as they were:`, kept),
		...removed.map((path) => `removed, its reason is gone: ${toPrintable(path)}`),
		...(record === undefined ? [] : [`record: ${record}`]),
	].join('\n');
};
