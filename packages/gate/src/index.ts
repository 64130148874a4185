export { type AnswerCache, type BulkSourceOptions, bulkSource } from './advisories/bulk-source.ts';
export { type IndexSourceOptions, indexSource } from './advisories/index-source.ts';
export type { Advisories, Advisory, AdvisorySource, Match } from './advisories/source.ts';
export { BYTE_GATES } from './bytes/byte-gates.ts';
export { checkGates } from './check-gates.ts';
export type { GateCode } from './code.ts';
export { toAgeingGates, toDataGates } from './data/data-gates.ts';
export {
	type AppliedOverride,
	type Emergency,
	GATE_REPORT_MEDIA_TYPE,
	type Gate,
	type GateEvidence,
	type GateFinding,
	type GateFindings,
	type GateReport,
	type GateRequest,
	type GateVerdict,
	type PreviousVersion,
	type SbomFile,
} from './gate.ts';
export type { IndexHeader } from './osv/index-format.ts';
export { type WrittenIndex, writeOsvIndex } from './osv/write-index.ts';
export { UNSKIPPABLE } from './overrides.ts';
export { type FileChange, listFileChanges } from './package-diff/list-file-changes.ts';
export { toGateMarkdown } from './report/markdown.ts';
export { parseGateReport, toGateReportText } from './report/parse-report.ts';
export { toSarifText } from './report/sarif.ts';
export { findRefusal, toOpenErrors, verifyGates } from './verify-gates.ts';
export { JUSTIFICATIONS, type OpenVexDraft, toOpenVexText } from './vex/open-vex.ts';
export { parseVex } from './vex/read-vex.ts';
