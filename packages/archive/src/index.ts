export { type Digests, type Hashers, withHashers } from './hash/hashers.ts';
export { readCompressedTar } from './read/compressed-tar.ts';
export { findFormat, gunzipLimited, unzstdLimited } from './read/decompress.ts';
export type { ArchiveEntry } from './read/entry.ts';
export type { ArchiveCode } from './read/error.ts';
export type { ArchiveLimits } from './read/limits.ts';
export { readAr } from './read/read-ar.ts';
export { readTar } from './read/read-tar.ts';
export { readZip, visitZipFile } from './read/read-zip.ts';
export { verifyArchiveFile, verifyCompressedBytes, verifyTarFile } from './read/verify-file.ts';
export type { ReleaseCode } from './release/error.ts';
export {
	type FileToHash,
	type HashedFile,
	hashBytes,
	hashBytesOf,
	hashFile,
	hashFiles,
	type TwiceHashedFile,
} from './release/hash-file.ts';
export { removeLeftovers } from './release/leftovers.ts';
export {
	type Release,
	readArchive,
	readArtifact,
	readArtifactPath,
	readDigests,
	readRelease,
	verifyRelease,
} from './release/read-release.ts';
export {
	readStageRecords,
	type StageFacts,
	type StoredRecord,
	toStageRecord,
	writeStage,
} from './release/stage-records.ts';
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
