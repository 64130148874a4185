export { claimsSubject } from './claims-subject.ts';
export type { ChainCode } from './code.ts';
export type { LinkProblem } from './problem.ts';
export {
	type PublishedSubject,
	parseRegistryKeys,
	type RegistryKey,
	verifyPublishAttestation,
} from './publish-attestation.ts';
export type {
	ReleaseVerification,
	ReleaseVerificationRequest,
	VerifiedArtifact,
	VerifiedLink,
	VerifiedStage,
} from './release-verification.ts';
export { type FileRequest, type FileVerification, type OfferedBundle, verifyFile } from './verify-file.ts';
export {
	checkReleaseFolder,
	type ReleaseVerdict,
	verifyReleaseFolder,
} from './verify-release-folder.ts';
