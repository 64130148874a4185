import type { StoredFile } from '../store.ts';
import type { Bucket } from './bucket.ts';
import { askPatiently, type Patience } from './patience.ts';
import { type Asked, toOddReply, toS3Error } from './s3-error.ts';

/** Names the write that made an object: what a lost reply is settled by. */
export const WRITE_HEADER = 'x-amz-meta-slipway-write';

export interface FoundObject extends StoredFile {
	/** Which write of ours made it; undefined: somebody else's tool. */
	readonly write: string | undefined;
}

/**
 * Reads an object whole; null: there is none.
 * @throws SlipwayError STORE_*
 */
export const readObject = async (
	bucket: Bucket,
	key: string,
	{ asked, patience }: { readonly asked: Asked; readonly patience: Patience },
): Promise<FoundObject | null> => {
	const answer = await askPatiently(() => bucket({ method: 'GET', key }), patience);
	if (answer.kind === 'absent') return null;
	if (answer.kind !== 'done') throw toS3Error(asked, answer);
	const version = answer.headers.get('etag');
	if (!version) throw toOddReply(asked, 'a file without an ETag');
	return { bytes: answer.body, version, write: answer.headers.get(WRITE_HEADER) ?? undefined };
};
