import { randomBytes } from 'node:crypto';
import type { Change, WriteGuard } from '../store.ts';
import type { Bucket } from './bucket.ts';
import type { S3Answer } from './classify-reply.ts';
import type { Patience } from './patience.ts';
import { askPatiently } from './patience.ts';
import { WRITE_HEADER } from './read-object.ts';
import { type Asked, toOddReply } from './s3-error.ts';
import { toSha256 } from './sign-request.ts';
import { encodeText, findText } from './xml.ts';

type Headers = Readonly<Record<string, string>>;

/** An object that is to be written, whole and under its condition. The same one may be sent again. */
export interface Upload {
	readonly key: string;
	readonly bytes: Uint8Array;
	readonly sha256: string;
	/** What the object is served with, and which write made it. */
	readonly headers: Headers;
	readonly condition: Headers;
	readonly id: string;
}

export interface Uploader {
	readonly bucket: Bucket;
	readonly guard: WriteGuard;
	readonly patience: Patience;
	/** Larger files are sent in parts of this size. */
	readonly partBytes: number;
	readonly asked: Asked;
}

/** Parts sent at once. */
const PARALLEL = 4;

/** For a write of files; removals have none. */
export type Putting = Exclude<Change, { kind: 'remove' }>;

const toCondition = (change: Putting): Headers => {
	if (change.kind === 'put') return {};
	if (change.kind === 'replace' && change.version !== null) return { 'if-match': change.version };
	return { 'if-none-match': '*' };
};

export const toUpload = (change: Putting, key: string, headers: Headers): Upload => {
	const id = randomBytes(16).toString('hex');
	return {
		key,
		bytes: change.bytes,
		sha256: toSha256(change.bytes),
		headers: { ...headers, [WRITE_HEADER]: id },
		condition: toCondition(change),
		id,
	};
};

/** One try to write an object; what it says of parts that were not put together is said of the object. */
export const sendUpload = async (uploader: Uploader, upload: Upload): Promise<S3Answer> => {
	if (upload.bytes.length > uploader.partBytes) return sendInParts(uploader, upload);
	await uploader.guard();
	const { key, bytes, sha256, headers, condition } = upload;
	return uploader.bucket({
		method: 'PUT',
		key,
		headers: { ...headers, ...condition },
		body: bytes,
		bodySha256: sha256,
	});
};

interface Parts extends Uploader {
	readonly upload: Upload;
	readonly uploadId: string;
}

const sendInParts = async (uploader: Uploader, upload: Upload): Promise<S3Answer> => {
	const { bucket, guard, patience, asked } = uploader;
	const { key, headers } = upload;
	await guard();
	const begun = await askPatiently(
		() => bucket({ method: 'POST', key, query: { uploads: '' }, headers }),
		patience,
	);
	if (begun.kind !== 'done') return begun;
	const uploadId = findText(new TextDecoder().decode(begun.body), 'UploadId');
	if (!uploadId) throw toOddReply(asked, 'no id for an upload in parts');
	const parts: Parts = { ...uploader, upload, uploadId };
	let answer: S3Answer | undefined;
	try {
		answer = await sendAndComplete(parts);
		return answer;
	} finally {
		if (answer?.kind !== 'done') await abort(parts);
	}
};

/** What is not aborted stays unseen, but costs: a rule of the bucket's life cycle ends what even this does not reach. */
const abort = async ({ bucket, upload: { key }, uploadId, patience }: Parts): Promise<void> => {
	await askPatiently(() => bucket({ method: 'DELETE', key, query: { uploadId } }), patience).catch(() => {});
};

const sendAndComplete = async (parts: Parts): Promise<S3Answer> => {
	const { upload, uploadId, guard, bucket } = parts;
	const sent = await sendParts(parts);
	if (!Array.isArray(sent)) return sent;
	const list = sent.map(
		(etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${encodeText(etag)}</ETag></Part>`,
	);
	const text = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
	await guard();
	return bucket({
		method: 'POST',
		key: upload.key,
		query: { uploadId },
		headers: upload.condition,
		body: new TextEncoder().encode(text),
		mayFailLate: true,
	});
};

/** ETags of all parts in order, or the first answer that is none. A part can be sent again: it replaces itself. */
const sendParts = async (parts: Parts): Promise<string[] | Exclude<S3Answer, { kind: 'done' }>> => {
	const { upload, uploadId, partBytes, guard, bucket, patience, asked } = parts;
	const count = Math.ceil(upload.bytes.length / partBytes);
	const etags: string[] = [];
	for (let first = 0; first < count; first += PARALLEL) {
		const numbers = Array.from({ length: Math.min(PARALLEL, count - first) }, (_, index) => first + index);
		const settled = await Promise.allSettled(
			numbers.map(async (number) => {
				await guard();
				const body = upload.bytes.subarray(number * partBytes, (number + 1) * partBytes);
				const query = { partNumber: String(number + 1), uploadId };
				return askPatiently(() => bucket({ method: 'PUT', key: upload.key, query, body }), patience);
			}),
		);
		for (const result of settled) {
			if (result.status === 'rejected') throw result.reason;
			if (result.value.kind !== 'done') return result.value;
			const etag = result.value.headers.get('etag');
			if (!etag) throw toOddReply(asked, 'a part without an ETag');
			etags.push(etag);
		}
	}
	return etags;
};
