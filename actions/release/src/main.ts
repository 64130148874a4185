import { receivePlace, runAction, toReportOutputs } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { toOneStep } from './to-one-step.ts';

await runAction(declaration, async (inputs, runner) => {
	const { releaseInOneStep } = await import('slipway/join');
	const place = await receivePlace(inputs, runner);
	const report = await releaseInOneStep(place, toOneStep(inputs, runner), runner.context);
	return { report, outputs: toReportOutputs(report) };
});
