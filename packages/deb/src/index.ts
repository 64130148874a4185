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
export type { XzPlace } from './package/xz.ts';
