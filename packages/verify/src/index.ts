export type {
	BundleRequest,
	CertificateClaims,
	LogEntry,
	SubjectDigest,
	VerifiedAttestation,
	VerifiedSigner,
} from './attestation.ts';
export * from './chain/index.ts';
export type { VerifyCode } from './code.ts';
export * from './keys/index.ts';
export { openRevocations } from './open-revocations.ts';
export type { RevocationNotice } from './revocation.ts';
export { openTrust, type TrustRequest } from './trust/open-trust.ts';
export type { Trust, TrustAge, TrustSource } from './trust/trust.ts';
export { verifyBundle } from './verify-bundle.ts';
export * from './vsa/index.ts';
