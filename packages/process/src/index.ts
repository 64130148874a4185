export type { Finished, RunOptions } from './run.ts';
