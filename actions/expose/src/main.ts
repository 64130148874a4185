import { runAction, toReportOutputs } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { exposeRelease } from './expose-release.ts';

await runAction(declaration, async (inputs, runner) => {
	const { report, sent } = await exposeRelease(inputs, runner);
	return { report, outputs: { ...toReportOutputs(report), ...sent } };
});
