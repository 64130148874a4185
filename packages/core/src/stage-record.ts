import * as v from 'valibot';
import { Digest } from './digest.ts';

export const STAGE_RECORD_MEDIA_TYPE = 'application/vnd.slipway.stage-record.v1+json';

const Descriptor = v.strictObject({ name: v.string(), digest: Digest });
export type Descriptor = v.InferOutput<typeof Descriptor>;

/** The stages of a release that leave a record, in the order in which they run. */
export const STAGES = ['build', 'test', 'reproduce', 'sbom', 'sign', 'gate', 'plan', 'publish'] as const;
export type StageName = (typeof STAGES)[number];

/** A part of the record's file name: it can be no folder and climb nowhere. */
const NamePart = v.pipe(
	v.string(),
	v.regex(
		/^[a-z0-9][a-z0-9._-]*$/,
		'expected lower-case letters, digits and . _ -, starting with a letter or digit',
	),
	v.maxLength(100),
);
const Timestamp = v.pipe(v.string(), v.isoTimestamp());

/**
 * What one stage did on one platform: which tool, when (RFC 3339, UTC), what it took in and gave out, by digest.
 * The only file of a Release that depends on the clock. Lies at `records/<stage>-<platform>.json`.
 */
export const StageRecord = v.strictObject({
	mediaType: v.literal(STAGE_RECORD_MEDIA_TYPE),
	stage: NamePart,
	tool: v.strictObject({ name: v.string(), version: v.string() }),
	platform: v.strictObject({ os: NamePart, arch: NamePart, node: v.string() }),
	start: Timestamp,
	end: Timestamp,
	inputs: v.array(Descriptor),
	outputs: v.array(Descriptor),
	/** The records of earlier stages as this stage found them: path in the Release, and digest. They make the chain. */
	follows: v.array(Descriptor),
	/** Facts of this stage worth keeping: commands run, what varied, what was skipped and why. */
	notes: v.array(v.string()),
});
export type StageRecord = v.InferOutput<typeof StageRecord>;
