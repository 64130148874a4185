export { toReportHtml } from './page.ts';
export type {
	RehearsalFailure,
	RehearsalFault,
	RehearsalProject,
	RehearsalRecord,
	RehearsalResult,
	RehearsalStep,
	RehearsalTarget,
} from './rehearsal-result.ts';
