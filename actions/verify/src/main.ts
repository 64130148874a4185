import { receivePlace, runAction } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { verifyInputs } from './verify-inputs.ts';

await runAction(declaration, async (inputs, runner) => {
	const place = await receivePlace(inputs, runner);
	return { outputs: { verified: 'true', json: await verifyInputs(inputs, place, runner) } };
});
