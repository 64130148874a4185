export type { Look, Place, Wanted } from './look.ts';
export { type AptRepository, hasAptGet, lookWithApt } from './look-with-apt.ts';
export { lookWithNpm } from './look-with-npm.ts';
