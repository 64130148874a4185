export { type BundleSigner, type OwnBundle, readOwnBundle } from './bundle/read-own-bundle.ts';
export type { SignCode } from './code.ts';
export { type AttestationsApi, createUploader, toAttestationsApi } from './github/upload-attestations.ts';
export {
	type Claims,
	type IdToken,
	parseIdToken,
	toExpectedIdentity,
	toExpectedIssuers,
} from './identity/id-token.ts';
export {
	type IdentityToken,
	type TokenPlace,
	type TokenSourceOptions,
	toIdentityToken,
} from './identity/token-source.ts';
export { type KeySigner, type OwnKey, toKeyHint } from './key/key-signer.ts';
export { readKeySigner } from './key/read-key.ts';
export { type GithubPlatform, type Platform, toPlatform } from './predicate/platform.ts';
export { LOCAL_BUILDER_ID, type Provenance, toNpmProvenance, toProvenance } from './predicate/provenance.ts';
export {
	type NamedFile,
	splitStatement,
	toNpmStatement,
	toProvenanceStatements,
	toReleaseStatements,
	toReproductionStatement,
	toRevocationStatement,
	toSbomStatement,
	toStageStatement,
} from './predicate/statements.ts';
export { toVsaStatement, type VerificationSummary } from './predicate/vsa.ts';
export type { BundleFacts, ExpectedSigner } from './release/held-bundles.ts';
export { type SigningMeans, signBundles } from './release/sign-bundles.ts';
export {
	type SigningReport,
	type SignReleaseOptions,
	signRecords,
	signRelease,
} from './release/sign-release.ts';
export type { WantedBundle } from './release/wanted-bundles.ts';
export { toPublicSigningConfig } from './services/public-instance.ts';
export { parseSigningConfig, type SigningConfig } from './services/signing-config.ts';
export { openSigner, type SignerOptions, type StatementSigner } from './statement-signer.ts';
