export { buildProject, joinProjects, reproduceProject } from './build.ts';
export { claimGated, signRecordsHere } from './claim.ts';
export { verifyProject } from './consume.ts';
export { type EmergencyRequest, type Gated, type GateOptions, gateProject } from './gate.ts';
export { type OneStep, type OneStepCode, releaseInOneStep } from './one-step.ts';
export {
	type Acting,
	claimProject,
	continueProject,
	publishType,
	type ReleaseOptions,
	statusProject,
} from './operations.ts';
export { type Door, type JoinCode, type OpenProject, openProject } from './project.ts';
export { type ArtifactSbom, type SbomReport, sbomProject } from './sbom.ts';
export { type Signing, signProject, signStageRecords, signStatements } from './sign.ts';
export { abortProject, restoreProject, rollbackProject, type UndoOptions } from './undo.ts';
