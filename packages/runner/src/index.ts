export { downloadArtifact, type RunArtifact, uploadArtifact } from './artifact.ts';
export type { ActionDeclaration, Environment, InputDeclaration, Inputs, Outputs } from './declaration.ts';
export {
	type Place,
	PROJECT_INPUTS,
	RECEIVING_INPUTS,
	receivePlace,
	sendRelease,
	toPlace,
} from './project-inputs.ts';
export { REPORT_OUTPUTS, toReportOutputs } from './report-outputs.ts';
export { type ActionResult, type Runner, runAction } from './run-action.ts';
export type { RunnerCode } from './runner-error.ts';
export type { SummaryReport, SummarySubject } from './summary-markdown.ts';
