import { type Release, readRelease } from '@slipway/archive';
import type { Context } from '@slipway/core';
import type { ReleaseReport } from '@slipway/release';
import { isWithoutIdentity } from './no-identity.ts';
import { claimProject, type ReleaseOptions } from './operations.ts';
import { type Door, type OpenProject, openProject } from './project.ts';
import { signStageRecords } from './sign.ts';
import { leavePlanRecord } from './stage-records.ts';

/**
 * Signs the records that have no signature yet, where this job holds an identity that signs; it leaves them to a later job
 * where it holds none.
 * @returns whether they are signed now
 * @throws as signStageRecords
 */
export const signRecordsHere = async (
	project: OpenProject,
	release: Release,
	context: Context,
): Promise<boolean> => {
	try {
		return (await signStageRecords(project, release, context)) !== undefined;
	} catch (thrown) {
		if (!isWithoutIdentity(thrown)) throw thrown;
		context.log.info(
			'this job holds no identity that signs: the records of this stage are left to the job that publishes',
		);
		return false;
	}
};

/**
 * Freezes and claims the plan of a Release that its gates let pass, and leaves the record of the plan, signed, so that the
 * jobs that publish find a whole chain. Without an identity that signs, they sign it.
 * @throws as claimProject and signStageRecords
 */
export const claimGated = async (
	door: Door,
	options: ReleaseOptions,
	context: Context,
): Promise<ReleaseReport> => {
	const report = await claimProject(door, options, context);
	if (!report.partial || report.releaseId === null) return report;
	const project = await openProject(door);
	const release = await readRelease(project.releaseFolder);
	if (await signRecordsHere(project, release, context))
		await leavePlanRecord(project, { release, releaseId: report.releaseId }, context);
	return report;
};
