export { GATE_IDS, type GateId, type Gates, type Override } from './gates.ts';
export { type PinnedPolicy, type PolicyCode, parsePolicy } from './parse-policy.ts';
export { Policy } from './policy.ts';
export type { CertificateSigner, KeySigner, Signer, Thresholds } from './signers.ts';
