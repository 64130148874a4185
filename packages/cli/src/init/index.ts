export type { InitCode } from './code.ts';
export { type Library, PLACEHOLDER, parseLibrary } from './library.ts';
export { type Starter, toStarters } from './starters/catalog.ts';
export type { StarterFile } from './starters/render.ts';
