import { receivePlace, runAction, toReportOutputs, withOutcomes } from '@slipway/runner';
import { declaration } from './declaration.ts';

await runAction(declaration, async (inputs, runner) => {
	const { publishType } = await import('slipway/join');
	const place = await receivePlace(inputs, runner);
	const { run, context } = runner;
	const report = await withOutcomes(inputs.outcomes, runner, (outbox) =>
		publishType(place, 'github', { run, context, outbox }),
	);
	return { report, outputs: toReportOutputs(report) };
});
