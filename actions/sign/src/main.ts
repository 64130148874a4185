import { receivePlace, runAction, sendRelease } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { signRelease } from './sign-release.ts';

await runAction(declaration, async (inputs, runner) => {
	const signed = await signRelease(await receivePlace(inputs, runner), inputs.attest, runner);
	const artifact = inputs['signed-artifact'];
	const outputs = {
		...signed,
		artifact,
		'artifact-digest': await sendRelease(signed.release, artifact, runner),
	};
	return { outputs };
});
