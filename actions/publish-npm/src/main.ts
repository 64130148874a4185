import { receivePlace, runAction, toReportOutputs } from '@slipway/runner';
import { declaration } from './declaration.ts';

await runAction(declaration, async (inputs, runner) => {
	const { publishType } = await import('slipway/join');
	const place = await receivePlace(inputs, runner);
	const report = await publishType(place, 'npm', { run: runner.run, context: runner.context });
	return { report, outputs: toReportOutputs(report) };
});
