import type { Context } from '@slipway/core';
import { isOfRun } from './fence.ts';
import type { EndState, ReleaseReport } from './outcome.ts';
import { type Project, toLast } from './release.ts';
import { status } from './status.ts';

/** What a run that ended too early may be called: nobody but the operation itself says that it has reached its goal. */
const toEnd = (state: EndState): EndState =>
	state === 'PENDING_EXTERNAL' || state === 'STOPPED_MISMATCH' ? state : 'HELD';

/**
 * The last word of a run whose other jobs have all ended: what is where, asked of the targets. A release that this run
 * claimed and did not bring to its end is held, so that it stands in nobody's way; it can be gone on with.
 * @throws SlipwayError PLAN_MISSING
 */
export const recordRun = async (
	project: Project & { readonly version: string },
	context: Context,
): Promise<ReleaseReport> => {
	const report = await status(project, context);
	const last = toLast(await project.journal.readHistory(), project.version);
	if (!last || last.end || last.fence.operation !== 'release' || !isOfRun(last.fence, project.run))
		return report;
	const time = new Date(context.clock.now()).toISOString();
	const reason = 'the run ended before the release did';
	await project.journal.createEnd(last.fence, { state: toEnd(report.state), reason, time });
	return { ...report, reason: `${reason}; ${report.reason}` };
};
