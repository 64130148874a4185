export type { Argv } from './child.ts';
export type { ProcessCode } from './error.ts';
export { findExecutable, findNpmCli } from './find.ts';
export { type GitEnvironment, type Setting, toGitEnvironment, toPublicAddress } from './git-environment.ts';
export { redact, toSecretForms } from './redact.ts';
export { type Finished, type RunOptions, run } from './run.ts';
export { type Service, type ServiceOptions, spawnService } from './service.ts';
