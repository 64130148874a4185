import { toBounded } from './bounded.ts';
import { toCell, toCode, toCount } from './inert.ts';
import { MAX_COMMENT_LENGTH } from './plan.ts';
import type { WatchFinding, WatchReport } from './watch-report.ts';

/** One line of plain text, for the title of an issue; not escaped. */
export const toWatchTitle = ({ project, findings }: WatchReport): string =>
	findings.length === 0
		? `${project}: everything is as it was released`
		: `${project}: ${toCount(findings.length, 'thing')} to look at`;

const toRow = ({ target, severity, code, message, hint }: WatchFinding): string =>
	`- **${severity}** ${toCell(target)} ${toCode(code)}: ${toCell(message, 800)}<br>Do: ${toCell(hint, 500)}`;

const toMissing = (missing: number, what: string): string =>
	`Truncated: ${missing} more ${what}; \`slipway watch --json\` has them all.`;

/** What was found, as Markdown for the summary and the one issue. All text of others in it is inert. */
export const toWatchMarkdown = (report: WatchReport, max = MAX_COMMENT_LENGTH): string =>
	toBounded(
		[
			{ head: [`### ${toCell(toWatchTitle(report))}`, ''] },
			{ head: [], rows: report.findings.map(toRow), what: 'findings' },
			{
				head: ['', `<details><summary>Looked at, ${toCell(report.time)}</summary>`, ''],
				rows: report.looked.map((line) => `- ${toCell(line, 500)}`),
				tail: ['', '</details>'],
				what: 'lines',
			},
		],
		max,
		toMissing,
	);
