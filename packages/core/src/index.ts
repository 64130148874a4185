export { Artifact, MEDIA_TYPES } from './artifact.ts';
export { toCanonicalJson } from './canonical-json.ts';
export type { Clock, Context, Log, Stage } from './context.ts';
export { compareDebianOrder } from './debian-order.ts';
export { Digest, isSameDigest } from './digest.ts';
export { SlipwayError, toMessage } from './error.ts';
export { type Json, type JsonCode, parseJson } from './json.ts';
export {
	MANIFEST_MEDIA_TYPE,
	Manifest,
	type ManifestCode,
	ProjectName,
	parseManifest,
	Source,
	toManifestText,
} from './manifest.ts';
export { findPathProblem, RelativePath } from './path.ts';
export { toHtmlText, toInertText, toMarkdownText, toPrintable } from './printable.ts';
export {
	type ChangeContext,
	type Exposure,
	type Finding,
	type Guard,
	type Preflight,
	type PreflightRequest,
	type Presence,
	PUBLISHER_CONTRACT,
	type Publisher,
	type Traits,
	type UploadOutcome,
	type Verification,
	type Visibility,
	type Withdrawal,
} from './publisher.ts';
export { type Purl, type PurlCode, parsePurl, toPurl, toSubjectId } from './purl.ts';
export { parseWith, record, toProblems } from './schema.ts';
export {
	type Descriptor,
	STAGE_RECORD_MEDIA_TYPE,
	STAGES,
	type StageName,
	StageRecord,
} from './stage-record.ts';
export { Subject, toDependencyOrder } from './subject.ts';
export { trimEndOf } from './trim.ts';
export {
	compareVersions,
	findDistTagProblem,
	findVersionProblem,
	toPrereleaseTag,
	Version,
} from './version.ts';
