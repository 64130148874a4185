import { runAction, toPlace } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { recordRun } from './record-run.ts';

await runAction(declaration, (inputs, runner) => recordRun(inputs, toPlace(inputs, runner), runner));
