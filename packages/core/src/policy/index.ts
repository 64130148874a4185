export { GATE_IDS, type GateId, type Gates, type Override } from './gates.ts';
export { type PinnedPolicy, type PolicyCode, parsePolicy } from './parse-policy.ts';
export { MAX_PATTERN_INPUT, type PatternMatcher, toPatternMatcher } from './pattern.ts';
export { Policy } from './policy.ts';
export {
	type CertificateSigner,
	type KeySigner,
	type Signer,
	type Thresholds,
	toWindowEnd,
	toWindowStart,
} from './signers.ts';
