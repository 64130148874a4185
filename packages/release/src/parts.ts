import type { Context } from '@slipway/core';
import { finish, runPhases, toReport } from './finish.ts';
import type { Operation } from './operation.ts';
import type { ReleaseReport } from './outcome.ts';
import { claimRelease, HIDDEN_PHASES, type ReleaseRequest } from './release.ts';

type Shared = ReleaseRequest & { readonly targets: readonly string[] };

/** A job that may not write the journal ends nothing: whoever folds in what it records does. */
const stopShare = async (
	operation: Operation,
	{ claimed, targets }: Shared,
	end: Parameters<typeof finish>[1],
): Promise<ReleaseReport> => {
	if (!claimed) return finish(operation, end);
	const { state, reason } = end;
	const outcome = { phase: 'stop', targets, state, reason };
	await operation.records.record(`stop-${targets.join('-')}`, outcome);
	return toReport(operation, end);
};

/**
 * The share of one job: uploads and verifies hidden for these targets only, under the claimed plan. Records no end: the
 * release goes on in another job of the same run.
 * @throws SlipwayError as release
 */
export const publishTargets = async (request: Shared, context: Context): Promise<ReleaseReport> => {
	const claimed = await claimRelease(request, context);
	if ('state' in claimed) return claimed;
	const operation = { ...claimed, only: request.targets };
	const { stop, times } = await runPhases(operation, HIDDEN_PHASES);
	await operation.records.flush();
	if (stop) return stopShare(operation, request, { ...stop, operation: 'release', times });
	const reason = `${request.targets.join(', ')}: uploaded and verified hidden; exposed when every target is`;
	return toReport(operation, { state: 'HELD', reason, operation: 'release', times, partial: true });
};

/**
 * The plan, frozen and claimed, and nothing else: the job before the publishing ones.
 * @throws SlipwayError as release
 */
export const claimOnly = async (request: ReleaseRequest, context: Context): Promise<ReleaseReport> => {
	const claimed = await claimRelease(request, context);
	if ('state' in claimed) return claimed;
	return toReport(claimed, {
		state: 'HELD',
		partial: true,
		reason: 'planned and claimed; nothing is uploaded yet',
		operation: 'release',
	});
};
