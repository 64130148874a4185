import { toMessage } from '@slipway/core';
import { type Inputs, type Runner, receivePlace, sendRelease } from '@slipway/runner';
import type { declaration } from './declaration.ts';

/** What is exposed stays exposed: that its folder could not be handed on is no failure of the release. */
const handOn = async (folder: string, artifact: string | undefined, runner: Runner) => {
	try {
		return { artifact, 'artifact-digest': await sendRelease(folder, artifact, runner) };
	} catch (thrown) {
		runner.context.signal.throwIfAborted();
		runner.context.log.warning(`the Release was not uploaded for other jobs: ${toMessage(thrown)}`);
		return { artifact: undefined, 'artifact-digest': undefined };
	}
};

/** Exposes what was uploaded, then hands on the Release with its last records, whatever the release ended as. */
export const exposeRelease = async (inputs: Inputs<typeof declaration>, runner: Runner) => {
	const { exposeProject, isBuilt, openProject } = await import('slipway/join');
	const place = await receivePlace(inputs, runner);
	const { version } = inputs;
	const options = { run: runner.run, version, takeOver: inputs['take-over'] };
	const report = await exposeProject(place, options, runner.context);
	const project = await openProject({ ...place, version });
	const artifact = (await isBuilt(project)) ? inputs['exposed-artifact'] : undefined;
	return { report, sent: await handOn(project.releaseFolder, artifact, runner) };
};
