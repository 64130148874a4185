import { runAction } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { tell } from './tell.ts';

await runAction(declaration, tell);
