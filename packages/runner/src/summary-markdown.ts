import { toMarkdownText, toPrintable } from '@slipway/core';

/** What the summary shows of a release: the shape that every operation reports. */
export interface SummaryReport {
	readonly operation: string;
	readonly dryRun: boolean;
	/** This step did its share of a release that a later step goes on with. */
	readonly partial: boolean;
	readonly project: string;
	readonly version: string;
	readonly releaseId: string | null;
	readonly state: string;
	readonly reason: string;
	readonly subjects: readonly SummarySubject[];
	readonly phases: readonly { readonly name: string; readonly ms: number }[];
	readonly next: string | null;
}

export interface SummarySubject {
	readonly target: string;
	readonly subject: string;
	readonly version: string;
	readonly artifacts: readonly { readonly name: string; readonly sha256: string }[];
	readonly pointer: {
		readonly name: string;
		readonly previous: string | null;
		readonly current: string | null | undefined;
	};
	readonly state: string;
	readonly verifiedBy: readonly string[];
	readonly remains: readonly string[];
	readonly problem?: string | undefined;
}

const HEADER = [
	'| target | subject | version | state | pointer | before | now | verified by | sha256 |',
	'|---|---|---|---|---|---|---|---|---|',
];

const toCell = (text: string): string => toMarkdownText(toPrintable(text, 300)) || '–';
const toCode = (text: string): string => `<code>${toCell(text)}</code>`;
const toPointer = (value: string | null | undefined): string =>
	value === undefined ? 'not read' : value === null ? 'none' : toCode(value);

const toRow = (subject: SummarySubject): string =>
	`| ${[
		toCell(subject.target),
		toCode(subject.subject),
		toCell(subject.version),
		toCell(subject.problem ? `${subject.state}: ${subject.problem}` : subject.state),
		toCell(subject.pointer.name),
		toPointer(subject.pointer.previous),
		toPointer(subject.pointer.current),
		toCell(subject.verifiedBy.join(', ')),
		subject.artifacts.map(({ sha256 }) => toCode(sha256.slice(0, 12))).join(' '),
	].join(' | ')} |`;

const toTitle = ({ operation, dryRun, project, version, state }: SummaryReport): string =>
	`### ${toCell(`${operation} ${project} ${version}`)}${dryRun ? ' (dry run: nothing was changed)' : ''}: ${toCell(state)}`;

const toRemains = (subjects: readonly SummarySubject[]): string[] => {
	const remains = subjects.flatMap(({ target, remains }) =>
		remains.map((line) => `- ${toCell(target)}: ${toCell(line)}`),
	);
	return remains.length > 0 ? ['', 'What cannot be undone:', '', ...remains] : [];
};

const toTail = (report: SummaryReport): string[] => [
	...toRemains(report.subjects),
	...(report.next ? ['', `Next: ${toCode(report.next)}`] : []),
	...(report.releaseId ? ['', `Release ${toCode(report.releaseId)}`] : []),
	'',
];

/** As many lines as fit, and what is missing in one more. */
const toFitting = (lines: readonly string[], maxBytes: number): string[] => {
	let left = maxBytes - 200;
	const fitting = lines.filter((line) => {
		left -= Buffer.byteLength(line) + 1;
		return left >= 0;
	});
	return fitting.length === lines.length
		? fitting
		: [
				...fitting,
				'',
				`Truncated: ${lines.length - fitting.length} more lines. The log and the report have them all.`,
				'',
			];
};

/**
 * The step summary of a report: a table of targets. All text in it is inert: no markup, links, images or HTML of
 * others. At most `maxBytes` of UTF-8, since GitHub drops a summary that is too long as a whole.
 */
export const toSummaryMarkdown = (report: SummaryReport, maxBytes: number): string =>
	toFitting(
		[
			toTitle(report),
			'',
			toMarkdownText(toPrintable(report.reason, 1000)),
			'',
			...HEADER,
			...report.subjects.map(toRow),
			...toTail(report),
		],
		maxBytes,
	).join('\n');
