export type { BuildCode } from './code.ts';
export type { MadeFile } from './collect.ts';
export { type Environment, toBuildEnvironment } from './environment.ts';
export { type BuildRequest, type MakeRequest, type Maker, type Reader, runBuild } from './run-build.ts';
export { readSource, type SourceFacts } from './source.ts';
export { type TestRequest, testArtifacts } from './test-artifacts.ts';
