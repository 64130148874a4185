export { buildProject, joinProjects, reproduceProject } from './build.ts';
export {
	type Acting,
	abortProject,
	claimProject,
	continueProject,
	planProject,
	publishType,
	type ReleaseOptions,
	releaseProject,
	restoreProject,
	rollbackProject,
	statusProject,
	type UndoOptions,
	verifyProject,
} from './operations.ts';
export { type Door, type JoinCode, type OpenProject, openProject } from './project.ts';
