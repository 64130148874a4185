import type { Context } from '@slipway/core';
import { type ReleaseReport, release } from '@slipway/release';
import { type ReleaseOptions, toRequest } from './operations.ts';
import { prepareRelease } from './prepare.ts';
import { type Door, type OpenProject, openProject } from './project.ts';
import { verifyNoToken } from './publish-token.ts';
import { leavePublishRecord } from './stage-records.ts';

/**
 * Releases what is built (builds, signs and gates what is not yet) to all targets as one.
 * @throws SlipwayError NPM_TOKEN_VISIBLE, and as release
 */
export const releaseOpened = async (
	project: OpenProject,
	options: ReleaseOptions,
	context: Context,
): Promise<ReleaseReport> => {
	const { emergency } = options;
	await verifyNoToken(project, context);
	const { release: built, evidence } = await prepareRelease(project, { act: true, emergency }, context);
	const request = await toRequest(project, built, { ...options, evidence });
	const report = await release(request, context);
	await leavePublishRecord(project, { report, release: built }, context);
	return report;
};

/** As releaseOpened. */
export const releaseProject = async (
	door: Door,
	options: ReleaseOptions,
	context: Context,
): Promise<ReleaseReport> => releaseOpened(await openProject(door), options, context);
