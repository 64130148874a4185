import { appendFile, stat } from 'node:fs/promises';
import type { Environment } from './declaration.ts';
import { type SummaryReport, toSummaryMarkdown } from './summary-markdown.ts';

/** GitHub aborts the upload of a step's summary above this (bytes). */
export const MAX_SUMMARY_BYTES = 1024 * 1024;

/** Bytes that are left in the summary of the step. */
const toRoom = async (path: string): Promise<number> =>
	stat(path).then(
		({ size }) => MAX_SUMMARY_BYTES - size,
		() => MAX_SUMMARY_BYTES,
	);

/** Appends the report to the summary of the step, within what is left of its limit. */
export const writeSummary = async (report: SummaryReport, environment: Environment): Promise<void> => {
	const path = environment.GITHUB_STEP_SUMMARY;
	if (path) await appendFile(path, toSummaryMarkdown(report, await toRoom(path)));
};

const CUT = '\n\nThe rest does not fit in here: see the whole report in the Release folder.\n';

/** Appends a page to the summary of the step; what does not fit is left out line by line, and that is said. */
export const writeMarkdown = async (markdown: string, environment: Environment): Promise<void> => {
	const path = environment.GITHUB_STEP_SUMMARY;
	if (!path) return;
	const room = await toRoom(path);
	const bytes = Buffer.from(markdown);
	if (bytes.length <= room) return appendFile(path, bytes);
	const end = bytes.subarray(0, Math.max(0, room - CUT.length)).lastIndexOf(0x0a);
	if (end > 0) await appendFile(path, Buffer.concat([bytes.subarray(0, end), Buffer.from(CUT)]));
};
