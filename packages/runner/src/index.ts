export { downloadArtifact, type RunArtifact, uploadArtifact } from './artifact.ts';
export type { ActionDeclaration, Environment, InputDeclaration, Inputs, Outputs } from './declaration.ts';
export type { IdTokenSource } from './id-token.ts';
export { type ActionResult, type Runner, runAction } from './run-action.ts';
export type { RunnerCode } from './runner-error.ts';
export type { SummaryReport, SummarySubject } from './summary-markdown.ts';
