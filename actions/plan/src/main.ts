import { receivePlace, runAction } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { preview } from './preview.ts';

await runAction(declaration, async (inputs, runner) =>
	preview(inputs, await receivePlace(inputs, runner), runner),
);
