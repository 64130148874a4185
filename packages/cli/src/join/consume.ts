import type { Context } from '@slipway/core';
import { type ReleaseReport, type Run, verifyRelease } from '@slipway/release';
import { openJournal } from './journal.ts';
import { type Door, openProject } from './project.ts';
import { openPublishers } from './publishers.ts';

/** Looks at every target as a consumer does: reads only, needs no credentials. @throws as verifyRelease */
export const verifyProject = async (
	door: Door,
	{ run, version }: { readonly run: Run; readonly version: string | undefined },
	context: Context,
): Promise<ReleaseReport> => {
	const project = await openProject({ ...door, version });
	const publishers = await openPublishers(project, { needsCredentials: false });
	const journal = openJournal(project);
	return verifyRelease({ journal, publishers, run, version: project.version }, context);
};
