export { BYTE_GATES } from './bytes/byte-gates.ts';
export type { GateCode } from './code.ts';
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
