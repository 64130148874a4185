import { hash } from 'node:crypto';
import { record } from '@slipway/core';
import * as v from 'valibot';

/**
 * The index of OSV records, a file in three parts:
 *
 *   header   one line of canonical JSON (IndexHeader) and a line feed; its sha256 is the id of the snapshot
 *   table    a row of 24 bytes for each bucket: offset (u32) and length (u32) of its block, counted from the end of the
 *            table, and the first 16 bytes of the sha256 of the block
 *   blocks   the packages of a bucket, sorted, each a line of JSON [ecosystem, name, entries]
 *
 * A package is in the bucket that its key names (toBucket). A lookup reads header and table, and then one block for each
 * package. The header holds the digest of the table, the table those of the blocks: whoever trusts the id of the snapshot
 * trusts every answer.
 */
export const INDEX_MEDIA_TYPE = 'application/vnd.slipway.osv-index.v1+json';

export const ROW_BYTES = 24;
export const LENGTH_AT = 4;
export const DIGEST_AT = 8;
const BLOCK_DIGEST_BYTES = 16;
/** Few enough that a block is read and hashed at once, many enough that the table stays small. */
export const PACKAGES_PER_BUCKET = 4;
export const MAX_HEADER_BYTES = 1024 * 1024;
/** Offsets are 32 bits wide. */
export const MAX_BLOCKS_BYTES = 2 ** 32 - 1;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

export const IndexHeader = v.strictObject({
	mediaType: v.literal(INDEX_MEDIA_TYPE),
	/** By ecosystem as OSV writes it, without release: entries, and the newest `modified` among them (RFC 3339). */
	ecosystems: record(
		v.string(),
		v.strictObject({ entries: Count, newest: v.pipe(v.string(), v.isoTimestamp()) }),
	),
	/** Records read, those skipped because they were withdrawn, and those that could not be read. */
	records: v.strictObject({ read: Count, withdrawn: Count, unreadable: Count }),
	dump: v.array(v.strictObject({ name: v.string(), digest: v.strictObject({ sha256: Sha256 }) })),
	table: v.strictObject({
		buckets: v.pipe(Count, v.minValue(1)),
		digest: v.strictObject({ sha256: Sha256 }),
	}),
});
export type IndexHeader = v.InferOutput<typeof IndexHeader>;

/** The bucket of a package: its key is the first 6 bytes of the sha256 of both names. */
export const toBucket = (ecosystem: string, name: string, buckets: number): number =>
	hash('sha256', `${ecosystem}\0${name}`, 'buffer').readUIntBE(0, 6) % buckets;

/** What the line of a package begins with. */
export const toLineStart = (ecosystem: string, name: string): string =>
	`[${JSON.stringify(ecosystem)},${JSON.stringify(name)},`;

export const toBlockDigest = (block: Uint8Array): Buffer =>
	hash('sha256', block, 'buffer').subarray(0, BLOCK_DIGEST_BYTES);

export const toSha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');
