export { toNoticeMarkdown, toNoticeTitle } from './markdown/notice.ts';
export type { Notice, NoticeJob, NoticeSubject, NoticeWay } from './markdown/notice-facts.ts';
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
export { toWatchMarkdown, toWatchTitle } from './markdown/watch.ts';
export type { WatchFinding, WatchReport } from './markdown/watch-report.ts';
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
