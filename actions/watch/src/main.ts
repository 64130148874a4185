import { runAction } from '@slipway/runner';
import { declaration } from './declaration.ts';
import { watch } from './watch.ts';

await runAction(declaration, watch);
