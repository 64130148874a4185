import { receivePlace, runAction, toReportOutputs } from '@slipway/runner';
import { declaration } from './declaration.ts';

await runAction(declaration, async (inputs, runner) => {
	const { continueProject } = await import('slipway/join');
	const place = await receivePlace(inputs, runner);
	const options = { run: runner.run, version: inputs.version, takeOver: inputs['take-over'] };
	const report = await continueProject(place, options, runner.context);
	return { report, outputs: toReportOutputs(report) };
});
