export { toUncompressedDigest } from './package/compress-member.ts';
export { toDebFileName, toDebPurl } from './package/deb-name.ts';
export { findField, parseStanzas, type Stanza, type StanzaLimits, toStanza } from './package/deb822.ts';
export {
	compareDebianVersions,
	type DebianVersion,
	parseDebianVersion,
	toVersionWithoutEpoch,
} from './package/debian-version.ts';
export type { DebCode } from './package/error.ts';
export { type DebRequest, type MadeDeb, makeDeb } from './package/make-deb.ts';
export { type Control, parseControl } from './package/parse-control.ts';
export { type Deb, debIdentity, readDeb, readDebControl } from './package/read-deb.ts';
export { type ReleaseVersion, toDebianVersion } from './package/release-version.ts';
export { unpackDeb } from './package/unpack-deb.ts';
export { unxzLimited, type XzPlace } from './package/xz.ts';
export { aptPublisher } from './publisher/apt-publisher.ts';
export { checkHostLimits } from './publisher/check-limits.ts';
export {
	type KeyringPackage,
	type KeyringRequest,
	toInstallInstructions,
	toKeyringPackage,
} from './publisher/keyring-package.ts';
export type { AptPublisherOptions } from './publisher/options.ts';
export { openServedFiles, type ServedFiles } from './publisher/served-files.ts';
export { type SourcesFile, toSourcesText } from './publisher/sources-text.ts';
export { toRepository } from './publisher/to-repository.ts';
export { toAttestationsPath } from './repository/attestations.ts';
export { checkSigningKey } from './repository/check-key.ts';
export { cleanPool, listSuites } from './repository/clean-pool.ts';
export type { AptCode } from './repository/error.ts';
export { type OpenPgpLife, readKeyLives } from './repository/key-life.ts';
export { addDebs, type Place, removePackage, resign } from './repository/manage.ts';
export { mergeKeys } from './repository/merge-keys.ts';
export { type Offer, parsePointer } from './repository/offers.ts';
export { type PublishedDeb, type PublishedPlace, readPublishedDeb } from './repository/read-published.ts';
export { readSuiteFacts, type SuiteFacts } from './repository/read-suite-facts.ts';
export type { Repository } from './repository/repository.ts';
export {
	type GeneratedKey,
	generateSigningKey,
	type KeyRequest,
	readSigningKey,
	type SigningKey,
} from './repository/signing-key.ts';
export { type TakenOver, type TakeOver, takeOverSuite } from './repository/take-over.ts';
export {
	type RepositoryCheck,
	type RepositoryFiles,
	type VerifiedDeb,
	type VerifiedRepository,
	verifyRepository,
} from './repository/verify-repository.ts';
export { type SignedText, type Trust, verifyClearsigned } from './repository/verify-signature.ts';
