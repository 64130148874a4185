export { buildProject, isBuilt, joinProjects, reproduceProject, testProject } from './build.ts';
export { type ClaimCode, type Claimed, claimProject, readPlannedPlace, signRecordsHere } from './claim.ts';
export { verifyProject } from './consume.ts';
export { type ExposeCode, exposeProject } from './expose.ts';
export { type EmergencyRequest, type Gated, type GateOptions, gateProject } from './gate.ts';
export { type NoticeOptions, readNotice } from './notice.ts';
export { toAnnotations } from './notice-annotations.ts';
export { tellComment } from './notice-comment.ts';
export { tellIssue } from './notice-issue.ts';
export type { Spoken } from './notice-speak.ts';
export { type OneStep, type OneStepCode, releaseInOneStep } from './one-step.ts';
export {
	type Acting,
	publishType,
	type ReleaseOptions,
	statusProject,
} from './operations.ts';
export { type Previewed, type PreviewOptions, previewProject } from './preview.ts';
export { type Door, type JoinCode, type OpenProject, openProject } from './project.ts';
export { type ProvedCode, verifyProved } from './proved.ts';
export { type LeftFile, recordProject } from './record.ts';
export { type ArtifactSbom, type SbomReport, sbomProject } from './sbom.ts';
export { type Signing, signProject, signStageRecords, signStatements, storeProvenance } from './sign.ts';
export { abortProject, restoreProject, rollbackProject, type UndoOptions } from './undo.ts';
export { watchProject } from './watch.ts';
export { tellWatch } from './watch-issue.ts';
