export { MAX_COMMENT_LENGTH, toPlanMarkdown } from './markdown/plan.ts';
export type {
	FileChange,
	PlanPreview,
	PreviewArtifact,
	PreviewFile,
	PreviewFinding,
	PreviewGate,
	PreviewMove,
	PreviewPermissions,
	PreviewTarget,
} from './markdown/plan-preview.ts';
export { toReportHtml } from './page.ts';
export type { ChainSignature, ChainStage, RehearsalChain, RehearsalTampering } from './rehearsal-chain.ts';
export type {
	RehearsalFailure,
	RehearsalFault,
	RehearsalProject,
	RehearsalRecord,
	RehearsalResult,
	RehearsalStep,
	RehearsalTarget,
} from './rehearsal-result.ts';
