import { type Release, removeLeftovers } from '@slipway/archive';
import type { Context } from '@slipway/core';
import type { PlannedEvidence } from '@slipway/release';
import { buildProject, isBuilt, isTested, testProject } from './build.ts';
import { toEvidence } from './evidence.ts';
import { type EmergencyRequest, gateProject } from './gate.ts';
import type { OpenProject } from './project.ts';
import { readWhole } from './read-whole.ts';
import { sbomProject } from './sbom.ts';
import { signProject, signStageRecords } from './sign.ts';

/** A Release that may be planned, and what it was judged by. */
export interface Prepared {
	readonly release: Release;
	readonly evidence: PlannedEvidence;
}

export interface PrepareOptions {
	/** False: only look; nothing is signed, and a failing gate is shown instead of thrown. */
	readonly act: boolean;
	readonly emergency?: EmergencyRequest | undefined;
}

/** What is built and has passed its tests; builds, or tests, what has not. */
const build = async (project: OpenProject, context: Context): Promise<Release> => {
	if (!(await isBuilt(project))) {
		context.log.info(`nothing is built in ${project.releaseFolder} yet: building`);
		const built = await buildProject(project, context);
		await removeLeftovers(project.releaseFolder);
		return built;
	}
	const release = await readWhole(project);
	if (!(await isTested(project, release))) await testProject(project, release, context);
	return release;
};

/**
 * Everything between the source and the plan: build, test, SBOM, signatures, gates, and the gates' own record signed.
 * Each step does only what is missing, so that a run that goes on with an earlier one costs a look.
 * @throws SlipwayError GATE_REFUSED, and what each step throws
 */
export const prepareRelease = async (
	project: OpenProject,
	{ act, emergency }: PrepareOptions,
	context: Context,
): Promise<Prepared> => {
	const release = await build(project, context);
	await sbomProject(project, release, context);
	if (act) await signProject(project, release, context);
	const report = await gateProject(project, release, { emergency, refuse: act }, context);
	if (act) await signStageRecords(project, release, context);
	return { release, evidence: toEvidence(report) };
};
