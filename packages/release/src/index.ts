export { type AbortRequest, abort } from './abort.ts';
export { type Adopted, adoptPlan, readAdopted } from './adopt.ts';
export type { Boundary } from './boundary.ts';
export type { ReleaseCode } from './code.ts';
export { type ContinueRequest, continueOperation } from './continue.ts';
export { type HistoryEntry, isOutcomePath, Journal, type Run } from './journal.ts';
export type { EndState, ReleaseReport, SubjectReport } from './outcome.ts';
export { claimOnly, publishTargets } from './parts.ts';
export {
	findPlanDifferences,
	PLAN_MEDIA_TYPE,
	Plan,
	type PlannedEvidence,
	parsePlan,
	toReleaseId,
} from './plan.ts';
export { type PlanRequest, type Preview, previewPlan } from './planning.ts';
export { recordRun } from './record.ts';
export { type Project, type ReleaseRequest, release } from './release.ts';
export { type RestoreRequest, restore } from './restore.ts';
export { type RollbackRequest, rollback } from './rollback.ts';
export { status } from './status.ts';
export { verifyRelease } from './verify-release.ts';
