import type { Context } from '@slipway/core';
import { type Notice, toNoticeMarkdown, toNoticeTitle } from '@slipway/report';
import { toMarker } from './notice-run.ts';
import { NOT_SPOKEN, type Spoken, speak } from './notice-speak.ts';
import type { Door } from './project.ts';

/** One label, by which people find what Slipway says. */
export const LABEL = 'slipway';

interface IssueText {
	readonly marker: string;
	readonly title: string;
	readonly body: string;
	/** Said when the issue is closed. */
	readonly goodbye: string;
}

/** Opens or updates the one issue of a marker. */
export const keepIssue = async (
	door: Door,
	{ marker, title, body }: Omit<IssueText, 'goodbye'>,
	context: Context,
): Promise<Spoken> => {
	const { upsertIssue } = await import('@slipway/github');
	return speak(
		door,
		{ scope: 'issues', why: 'one issue for what failed', what: 'no issue was written' },
		{
			context,
			task: async (rest) => {
				const { outcome, id, url } = await upsertIssue(rest, { marker, title, body, labels: [LABEL] });
				return { outcome, number: id, url };
			},
		},
	);
};

/** Closes the issue of a marker, where one is open, with a last comment. */
export const endIssue = async (
	door: Door,
	{ marker, goodbye }: Pick<IssueText, 'marker' | 'goodbye'>,
	context: Context,
): Promise<Spoken> => {
	const { closeIssue, upsertComment } = await import('@slipway/github');
	return speak(
		door,
		{ scope: 'issues', why: 'closes the issue of what failed', what: 'no issue was closed' },
		{
			context,
			task: async (rest) => {
				const number = await closeIssue(rest, { marker });
				if (number === undefined) return NOT_SPOKEN;
				const { url } = await upsertComment(rest, { marker: `${marker}:end`, number, body: goodbye });
				return { outcome: 'closed', number, url };
			},
		},
	);
};

/** The same folder of the repository and version: the same issue, whichever job of whichever run speaks. */
const toNoticeMarker = ({ version, run }: Notice, folder: string): string =>
	toMarker(
		'notice',
		folder === '.' ? 'root' : folder,
		version ?? `run-${run?.match(/\d+$/)?.[0] ?? 'local'}`,
	);

/**
 * One issue a version: opened or updated where something failed, closed where all is well again.
 * @param folder of the project in the repository, as the workflow names it
 */
export const tellIssue = async (
	door: Door,
	{ notice, folder }: { readonly notice: Notice; readonly folder: string },
	context: Context,
): Promise<Spoken> => {
	const marker = toNoticeMarker(notice, folder);
	const body = toNoticeMarkdown(notice);
	if (notice.failed) return keepIssue(door, { marker, title: toNoticeTitle(notice), body }, context);
	// A run that has not come to its end (an approval) says nothing about the issue of its version.
	if (!notice.ended) return NOT_SPOKEN;
	return endIssue(door, { marker, goodbye: body }, context);
};
