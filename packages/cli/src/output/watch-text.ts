import { toPrintable } from '@slipway/core';
import type { WatchFinding, WatchReport } from '@slipway/report';
import type { Paint } from './paint.ts';

const toLines = ({ severity, target, code, message, hint }: WatchFinding, paint: Paint): string[] => [
	`  ${paint(severity === 'error' ? 'bad' : 'warn', severity)} ${toPrintable(target)}: ${code} ${toPrintable(message)}`,
	`    ${paint('strong', 'do')}: ${toPrintable(hint)}`,
];

/** What a watch found, for people: errors first, then what was looked at. */
export const toWatchText = ({ project, findings, looked }: WatchReport, paint: Paint): string =>
	[
		findings.length === 0
			? `${project}: ${paint('good', 'everything is as it was released')}`
			: `${project}: ${paint('bad', `${findings.length} to look at`)}`,
		...findings.flatMap((finding) => toLines(finding, paint)),
		...looked.map((line) => paint('faint', `  ${toPrintable(line)}`)),
	].join('\n');
