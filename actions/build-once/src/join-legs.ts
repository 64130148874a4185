import {
	findLegs,
	type Leg,
	parseRunners,
	type Runner,
	receiveArtifact,
	verifyOtherJobs,
} from '@slipway/runner';
import type { OpenProject } from 'slipway/join';

interface Legs {
	/** Of the artifacts to join. */
	readonly prefix: string;
	/** Of what they were made from; undefined: they were built by the jobs that left them. */
	readonly built: string | undefined;
	readonly runners: string | undefined;
}

const receiveLegs = async (legs: readonly Leg[], runner: Runner): Promise<string[]> => {
	const folders: string[] = [];
	for (const { artifact } of legs) folders.push(await receiveArtifact(artifact, runner));
	return folders;
};

/**
 * The Releases that the legs of a matrix left; where they were built by jobs before, each is what its build left.
 * @returns their folders
 */
const receive = async ({ prefix, built, runners = '' }: Legs, runner: Runner): Promise<readonly string[]> => {
	const labels = parseRunners(runners);
	const legs = await findLegs(prefix, labels, runner);
	const folders = await receiveLegs(legs, runner);
	if (built === undefined) return folders;
	const { verifyProved } = await import('slipway/join');
	const origins = await findLegs(built, labels, runner);
	verifyOtherJobs(origins, legs, runner.environment);
	const first = await receiveLegs(origins, runner);
	for (const [index, folder] of folders.entries()) await verifyProved(folder, first[index] ?? '');
	return folders;
};

/**
 * Joins the Releases that the legs of a matrix left as run artifacts into the Release of the project.
 * @throws SlipwayError RUNNER_INPUT_INVALID, RUNNER_ARTIFACT_*, BUILD_JOIN_CLASH, JOIN_OTHER_PROJECT, JOIN_PROVED_CHANGED
 */
export const joinLegs = async (project: OpenProject, legs: Legs, runner: Runner): Promise<void> => {
	const { joinProjects } = await import('slipway/join');
	await joinProjects(project, await receive(legs, runner));
};
