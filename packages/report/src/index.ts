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
