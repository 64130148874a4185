import { receivePlace, runAction, sendRelease } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { gateRelease } from './gate-release.ts';

await runAction(declaration, async (inputs, runner) => {
	const place = await receivePlace(inputs, runner);
	const { gated, markdown, refusal } = await gateRelease(inputs, place, runner);
	const artifact = inputs['gated-artifact'];
	const outputs = {
		...gated,
		artifact,
		'artifact-digest': await sendRelease(gated.release, artifact, runner),
	};
	return { outputs, markdown, refusal };
});
