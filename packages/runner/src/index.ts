export { annotateErrors } from './annotate.ts';
export { downloadArtifact, listArtifacts, type RunArtifact, uploadArtifact } from './artifact.ts';
export { requireNewest } from './attempt.ts';
export type { ActionDeclaration, Environment, InputDeclaration, Inputs, Outputs } from './declaration.ts';
export { findLegs, type Leg, parseRunners, verifyOtherJobs } from './legs.ts';
export { type OutcomeFile, type Outcomes, receiveOutcomes, withOutcomes } from './outcomes.ts';
export {
	type Place,
	PROJECT_INPUTS,
	parseDigest,
	RECEIVING_INPUTS,
	receiveArtifact,
	receivePlace,
	receivePlanned,
	sendRelease,
	toPlace,
} from './project-inputs.ts';
export { REPORT_OUTPUTS, toReportOutputs } from './report-outputs.ts';
export { type ActionResult, type Runner, runAction } from './run-action.ts';
export { toRunPlace } from './run-place.ts';
export type { RunnerCode } from './runner-error.ts';
export type { SummaryReport, SummarySubject } from './summary-markdown.ts';
