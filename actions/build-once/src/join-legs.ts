import { findLegs, parseRunners, type Runner, receiveArtifact } from '@slipway/runner';
import type { OpenProject } from 'slipway/join';

/**
 * Joins the Releases that the legs of a matrix left as run artifacts into the Release of the project.
 * @throws SlipwayError RUNNER_INPUT_INVALID, RUNNER_ARTIFACT_*, BUILD_JOIN_CLASH, JOIN_OTHER_PROJECT
 */
export const joinLegs = async (
	project: OpenProject,
	{ prefix, runners = '' }: { readonly prefix: string; readonly runners: string | undefined },
	runner: Runner,
): Promise<void> => {
	const { joinProjects } = await import('slipway/join');
	const legs = await findLegs(prefix, parseRunners(runners), runner);
	const folders: string[] = [];
	for (const { artifact } of legs) folders.push(await receiveArtifact(artifact, runner));
	await joinProjects(project, folders);
};
