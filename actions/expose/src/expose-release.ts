import { type Inputs, type Runner, receivePlace, sendRelease } from '@slipway/runner';
import type { declaration } from './declaration.ts';

/** Exposes what was uploaded, then hands on the Release with its last records, whatever the release ended as. */
export const exposeRelease = async (inputs: Inputs<typeof declaration>, runner: Runner) => {
	const { continueProject, isBuilt, openProject } = await import('slipway/join');
	const place = await receivePlace(inputs, runner);
	const { version } = inputs;
	const options = { run: runner.run, version, takeOver: inputs['take-over'] };
	const report = await continueProject(place, options, runner.context);
	const project = await openProject({ ...place, version });
	const artifact = (await isBuilt(project)) ? inputs['exposed-artifact'] : undefined;
	const digest = await sendRelease(project.releaseFolder, artifact, runner);
	return { report, sent: { artifact, 'artifact-digest': digest } };
};
