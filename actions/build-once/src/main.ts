import { runAction, sendRelease, toPlace } from '@slipway/runner';
import { buildOnce } from './build-once.ts';
import { declaration } from './declaration.ts';

await runAction(declaration, async (inputs, runner) => {
	const built = await buildOnce(inputs, toPlace(inputs, runner), runner);
	const outputs = {
		version: built.version,
		release: built.release,
		'manifest-digest': built.manifestDigest,
		artifact: inputs.artifact,
		'artifact-digest': await sendRelease(built.release, inputs.artifact, runner),
	};
	return { outputs };
});
