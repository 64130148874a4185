export type { NpmCode } from './code.ts';
export { type PackedNpm, type PackFacts, packNpm } from './pack/pack-npm.ts';
