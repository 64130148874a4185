import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For NODE_COMPILE_CACHE of processes that tests start by the dozen: node keeps there what it made of TypeScript. */
export const COMPILE_CACHE = join(tmpdir(), 'slipway-test-compile-cache');
