import { runAction, sendRelease, toReportOutputs } from '@slipway/runner';
import { claimRelease } from './claim-release.ts';
import { declaration } from './declaration.ts';

await runAction(declaration, async (inputs, runner) => {
	const { report, types, releaseFolder } = await claimRelease(inputs, runner);
	const artifact = inputs['claimed-artifact'];
	const outputs = {
		...toReportOutputs(report),
		types: JSON.stringify(types),
		release: releaseFolder,
		artifact,
		'artifact-digest': await sendRelease(releaseFolder, artifact, runner),
	};
	return { report, outputs };
});
