export type { ReleaseCode } from './release/error.ts';
export { type HashedFile, hashBytes, hashFile } from './release/hash-file.ts';
export {
	type Release,
	readArtifact,
	readArtifactPath,
	readRelease,
	verifyRelease,
} from './release/read-release.ts';
export { type ReleaseDraft, toRecordPath, writeRelease, writeStageRecord } from './release/write-release.ts';
export { type ArMember, toAr } from './write-ar.ts';
export { toGzip } from './write-gzip.ts';
export {
	compareTarNames,
	type LazyContent,
	type TarEntry,
	type TarOptions,
	toTar,
	toTarBytes,
	toTarSize,
} from './write-tar.ts';
