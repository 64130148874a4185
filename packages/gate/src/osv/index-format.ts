import { hash } from 'node:crypto';
import * as v from 'valibot';

/**
 * The index of OSV records, a file in three parts:
 *
 *   header   one line of canonical JSON (IndexHeader) and a line feed; its sha256 is the id of the snapshot
 *   table    one row of 32 bytes for each package, sorted: key (8 bytes), offset (u32) and length (u32) of its block,
 *            counted from the end of the table, and the first 16 bytes of the sha256 of the block
 *   blocks   for each package one JSON document {ecosystem, name, entries}
 *
 * A lookup reads header and table, and then the blocks of the packages that are in it. The header holds the digest of
 * the table, the table those of the blocks: whoever trusts the id of the snapshot trusts every answer.
 */
export const INDEX_MEDIA_TYPE = 'application/vnd.slipway.osv-index.v1+json';

export const ROW_BYTES = 32;
export const KEY_BYTES = 8;
export const BLOCK_DIGEST_BYTES = 16;
export const MAX_HEADER_BYTES = 1024 * 1024;
/** Offsets are 32 bits wide. */
export const MAX_BLOCKS_BYTES = 2 ** 32 - 1;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

export const IndexHeader = v.strictObject({
	mediaType: v.literal(INDEX_MEDIA_TYPE),
	/** By ecosystem as OSV writes it, without release: entries, and the newest `modified` among them (RFC 3339). */
	ecosystems: v.record(
		v.string(),
		v.strictObject({ entries: Count, newest: v.pipe(v.string(), v.isoTimestamp()) }),
	),
	/** Records read, those skipped because they were withdrawn, and those that could not be read. */
	records: v.strictObject({ read: Count, withdrawn: Count, unreadable: Count }),
	dump: v.array(v.strictObject({ name: v.string(), digest: v.strictObject({ sha256: Sha256 }) })),
	table: v.strictObject({ rows: Count, digest: v.strictObject({ sha256: Sha256 }) }),
});
export type IndexHeader = v.InferOutput<typeof IndexHeader>;

/** Where the row of a package stands in the table. */
export const toIndexKey = (ecosystem: string, name: string): Buffer =>
	hash('sha256', `${ecosystem}\0${name}`, 'buffer').subarray(0, KEY_BYTES);

export const toBlockDigest = (block: Uint8Array): Buffer =>
	hash('sha256', block, 'buffer').subarray(0, BLOCK_DIGEST_BYTES);

export const toSha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');
