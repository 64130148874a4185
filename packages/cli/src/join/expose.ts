import { type Context, SlipwayError } from '@slipway/core';
import type { ReleaseReport } from '@slipway/release';
import { openJournal } from './journal.ts';
import { continueProject, type ReleaseOptions } from './operations.ts';
import { type Door, openProject } from './project.ts';

export type ExposeCode =
	/** Somebody hauled the release back, or ended it, before it was exposed. */
	'EXPOSE_TAKEN_BACK';

/**
 * Goes on with a release up to what everybody sees. A rollback or an abort is left to whoever began it: a job that was started
 * to expose neither finishes it nor ends well because it has ended.
 * @throws SlipwayError EXPOSE_TAKEN_BACK, and as continueProject
 */
export const exposeProject = async (
	door: Door,
	options: ReleaseOptions & { readonly version: string },
	context: Context,
): Promise<ReleaseReport> => {
	const { version } = options;
	const journal = openJournal(await openProject({ ...door, version }));
	const history = await journal.readHistory();
	const last = history.findLast(({ fence }) => fence.version === version);
	const operation = last?.fence.operation;
	const state = last?.end?.state;
	if (operation !== 'rollback' && operation !== 'abort' && state !== 'ROLLED_BACK')
		return continueProject(door, { ...options, journal }, context);
	throw new SlipwayError<ExposeCode>(
		'EXPOSE_TAKEN_BACK',
		`expected a release of ${version} to expose, but its last operation is ${operation}, ${state ?? 'not ended'}`,
		{
			hint: `Look at what is where: slipway status ${version}. To bring a version back that was hauled back: slipway restore ${version} --yes.`,
		},
	);
};
