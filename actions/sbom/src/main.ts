import { receivePlace, runAction, sendRelease } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { listRelease } from './list-release.ts';

await runAction(declaration, async (inputs, runner) => {
	const listed = await listRelease(await receivePlace(inputs, runner), inputs['min-score'], runner);
	const artifact = inputs['sbom-artifact'];
	const outputs = {
		...listed,
		artifact,
		'artifact-digest': await sendRelease(listed.release, artifact, runner),
	};
	return { outputs };
});
