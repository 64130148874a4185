import { runAction } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { look } from './look.ts';

await runAction(declaration, async (inputs, runner) => ({
	outputs: { verified: 'true', json: await look(inputs, runner) },
}));
