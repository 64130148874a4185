export type { InitCode } from './code.ts';
export { type InitOutcome, type InitResult, type InitRun, initProject } from './init.ts';
export { toInitJson } from './json.ts';
export { type Library, PLACEHOLDER, parseLibrary } from './library.ts';
export { type InitPlan, type InitRequest, planInit } from './plan.ts';
export { type Starter, toStarters } from './starters/catalog.ts';
export type { StarterFile } from './starters/render.ts';
export { toInitText } from './text.ts';
