import type { Context, Manifest } from '@slipway/core';
import { type Preview, previewPlan, type ReleaseReport, release } from '@slipway/release';
import { buildProject, isBuilt, isTested, testProject } from './build.ts';
import { type ReleaseOptions, readWhole, toRequest } from './operations.ts';
import { type Door, type OpenProject, openProject } from './project.ts';

/** What is built and has passed its tests; builds, or tests, what has not. */
const readOrBuild = async (project: OpenProject, context: Context): Promise<Manifest> => {
	if (!(await isBuilt(project))) {
		context.log.info(`nothing is built in ${project.releaseFolder} yet: building`);
		return (await buildProject(project, context)).manifest;
	}
	const release = await readWhole(project);
	if (!(await isTested(project, release))) await testProject(project, release, context);
	return release.manifest;
};

/** What a release would do, target by target; builds first where nothing is built. Changes nothing at any target. */
export const planProject = async (
	door: Door,
	options: ReleaseOptions,
	context: Context,
): Promise<Preview> => {
	const project = await openProject(door);
	return previewPlan(await toRequest(project, await readOrBuild(project, context), options), context);
};

/** Releases what is built (builds first where nothing is) to all targets as one. */
export const releaseProject = async (
	door: Door,
	options: ReleaseOptions,
	context: Context,
): Promise<ReleaseReport> => {
	const project = await openProject(door);
	return release(await toRequest(project, await readOrBuild(project, context), options), context);
};
