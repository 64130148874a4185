import type { Context } from '@slipway/core';
import { toWatchMarkdown, toWatchTitle, type WatchReport } from '@slipway/report';
import { endIssue, keepIssue } from './notice-issue.ts';
import { toMarker } from './notice-run.ts';
import type { Spoken } from './notice-speak.ts';
import type { Door } from './project.ts';

/**
 * One issue a project: opened or updated where something was found, closed where nothing is left.
 * @param folder of the project in the repository, as the workflow names it
 */
export const tellWatch = async (
	door: Door,
	{ report, folder }: { readonly report: WatchReport; readonly folder: string },
	context: Context,
): Promise<Spoken> => {
	const marker = toMarker('watch', folder === '.' ? 'root' : folder);
	const body = toWatchMarkdown(report);
	return report.findings.length > 0
		? keepIssue(door, { marker, title: toWatchTitle(report), body }, context)
		: endIssue(door, { marker, goodbye: body }, context);
};
