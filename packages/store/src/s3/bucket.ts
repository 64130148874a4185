import { createHttpClient, type HttpRequest, toTransferTimeout } from '@slipway/http';
import { type BucketAddress, toObjectPath, toQuery } from './bucket-address.ts';
import { classifyReply, type S3Answer } from './classify-reply.ts';
import { type S3Credentials, signRequest, toSha256 } from './sign-request.ts';

/** A request about one object, or (without a key) about the bucket. */
export interface S3Request {
	readonly method: HttpRequest['method'];
	readonly key?: string | undefined;
	readonly query?: Readonly<Record<string, string>>;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Uint8Array;
	/** Where it was made before: a body is hashed once, and a server refuses bytes that were changed since. */
	readonly bodySha256?: string;
	readonly maxBytes?: number;
	/** The reply may begin with success and end with an error. */
	readonly mayFailLate?: boolean;
}

/** One signed request, sent once, and what came of it. */
export type Bucket = (request: S3Request) => Promise<S3Answer>;

/** Longer than any file here: a reply beyond it is cut off. */
const MAX_BYTES = 2 ** 31;

const EMPTY_SHA256 = toSha256('');

/**
 * Requests about a bucket, each signed where there are credentials. Redirects are answers: another server or region is
 * never told what this one is.
 * @throws SlipwayError HTTP_ORIGIN_INVALID
 */
export const openBucket = (
	address: BucketAddress,
	credentials: S3Credentials | undefined,
	now: () => number = Date.now,
): Bucket => {
	const client = createHttpClient({ origin: address.origin });
	const { host } = new URL(address.origin);
	return async ({ method, key = '', query = {}, headers = {}, body, mayFailLate, ...rest }) => {
		const asked = toQuery(query);
		const path = toObjectPath(address, key) + (asked === '' ? '' : `?${asked}`);
		const bodySha256 = rest.bodySha256 ?? (body ? toSha256(body) : EMPTY_SHA256);
		const { region } = address;
		const signed = credentials
			? signRequest({ method, path, headers }, { credentials, region, host, now: now(), bodySha256 })
			: headers;
		const reply = await client.send({
			method,
			path,
			headers: signed,
			maxBytes: rest.maxBytes ?? MAX_BYTES,
			redirects: 'return',
			...(body && { body, timeoutMs: toTransferTimeout(body.length) }),
		});
		return classifyReply(reply, { now: now(), ...(mayFailLate && { mayFailLate }) });
	};
};
