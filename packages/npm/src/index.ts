export type { NpmCode } from './code.ts';
export {
	type CredentialSources,
	type NpmCredentials,
	type Purpose,
	toNpmCredentials,
} from './config/credentials.ts';
export { type IdTokenSource, toIdTokenSource } from './config/oidc.ts';
export {
	askNpmForRegistry,
	type NpmConfig,
	type NpmConfigPlaces,
	readNpmConfig,
} from './config/read-npm-config.ts';
export { type PackedNpm, type PackFacts, packNpm } from './pack/pack-npm.ts';
export {
	type PublishedAttestation,
	type PublishedPackage,
	type PublishedPlace,
	readPublished,
} from './provenance/read-published.ts';
export { type NpmPublisherOptions, npmPublisher } from './publisher/npm-publisher.ts';
export { npmIdentity, toNpmPurl } from './read-package.ts';
export { type ListedVersion, listVersions } from './registry/list-versions.ts';
export { readTokenExpiry } from './registry/read-token-expiry.ts';
