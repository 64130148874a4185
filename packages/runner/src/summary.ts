import { appendFile, stat } from 'node:fs/promises';
import type { Environment } from './declaration.ts';
import { type SummaryReport, toSummaryMarkdown } from './summary-markdown.ts';

/** GitHub aborts the upload of a step's summary above this (bytes). */
export const MAX_SUMMARY_BYTES = 1024 * 1024;

/** Appends the report to the summary of the step, within what is left of its limit. */
export const writeSummary = async (report: SummaryReport, environment: Environment): Promise<void> => {
	const path = environment.GITHUB_STEP_SUMMARY;
	if (!path) return;
	const used = await stat(path).then(
		({ size }) => size,
		() => 0,
	);
	await appendFile(path, toSummaryMarkdown(report, MAX_SUMMARY_BYTES - used));
};
