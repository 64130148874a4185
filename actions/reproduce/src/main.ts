import { runAction, sendRelease, toPlace } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { prove } from './reproduce.ts';

await runAction(declaration, async (inputs, runner) => {
	const { proved, markdown, refusal } = await prove(inputs, toPlace(inputs, runner), runner);
	const outputs = {
		...proved,
		artifact: inputs.artifact,
		'artifact-digest': await sendRelease(proved.release, inputs.artifact, runner),
	};
	return { outputs, markdown, refusal };
});
