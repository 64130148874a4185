import { type Inputs, type Place, type Runner, receiveOutcomes, toReportOutputs } from '@slipway/runner';
import type { declaration } from './declaration.ts';

type RecordInputs = Inputs<typeof declaration>;

const NOTHING = { version: undefined, 'release-id': undefined, state: undefined, next: undefined };

const receive = async ({ outcomes }: RecordInputs, runner: Runner) => {
	if (outcomes === undefined) return [];
	const { files, leftOut } = await receiveOutcomes(outcomes, runner);
	for (const each of leftOut) runner.context.log.warning(`left out: ${each}`);
	return files;
};

/** Folds in what the other jobs have left, and reports what is where. */
export const recordRun = async (inputs: RecordInputs, place: Place, runner: Runner) => {
	const { recordProject } = await import('slipway/join');
	const files = await receive(inputs, runner);
	const options = { run: runner.run, version: inputs.version, files };
	const report = await recordProject(place, options, runner.context);
	return { report, outputs: report ? toReportOutputs(report) : { ...NOTHING, version: inputs.version } };
};
