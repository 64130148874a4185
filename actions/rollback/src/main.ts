import { runAction, toPlace, toReportOutputs } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { undo } from './undo.ts';

await runAction(declaration, async (inputs, runner) => {
	const report = await undo(inputs, toPlace(inputs, runner), runner);
	return { report, outputs: toReportOutputs(report) };
});
