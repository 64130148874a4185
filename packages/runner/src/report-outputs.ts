import type { SummaryReport } from './summary-markdown.ts';

/** Outputs of every action that ends with a report. */
export const REPORT_OUTPUTS = ['version', 'release-id', 'state', 'next'] as const;

export const toReportOutputs = (
	report: SummaryReport,
): Readonly<Record<(typeof REPORT_OUTPUTS)[number], string | undefined>> => ({
	version: report.version,
	'release-id': report.releaseId ?? undefined,
	state: report.state,
	next: report.next ?? undefined,
});
