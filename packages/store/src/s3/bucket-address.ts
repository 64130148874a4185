import { invalidPath } from '../store-error.ts';
import { checkStorePath } from '../store-path.ts';

/** Which bucket, and which part of it. */
export interface S3Location {
	readonly bucket: string;
	/** Default: all of the bucket. */
	readonly folder?: string | undefined;
	/** Origin of the server, for example `https://s3.example.org`. Default: AWS's of the region. */
	readonly endpoint?: string | undefined;
	readonly region?: string | undefined;
}

/** Where requests about a bucket go. */
export interface BucketAddress {
	readonly origin: string;
	/** Path of the bucket: empty where its name is in the host. */
	readonly root: string;
	readonly region: string;
	/** What stands before each path in its key: empty, or a folder and `/`. */
	readonly prefix: string;
	/** For people. */
	readonly description: string;
}

const DEFAULT_REGION = 'us-east-1';

/** Longest key in bytes (Amazon S3 User Guide, "Object key naming guidelines"). */
const MAX_KEY_BYTES = 1024;

/** Percent-encoded as signatures want it: everything but unreserved characters (RFC 3986, 2.3). */
export const encodeSegment = (text: string): string =>
	encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);

/**
 * AWS: the bucket in the host, so that each has a name of its own; its certificate covers no name with dots. Another
 * server: the bucket in the path, which needs no names at all.
 */
export const toBucketAddress = (
	{ bucket, folder, endpoint, region }: S3Location,
	environment: Readonly<Record<string, string | undefined>>,
): BucketAddress => {
	const inRegion = region ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION || DEFAULT_REGION);
	const prefix = folder === undefined ? '' : `${checkStorePath(folder)}/`;
	const description = `bucket ${bucket}${folder === undefined ? '' : `, folder ${folder}`}`;
	const inPath = { root: `/${encodeSegment(bucket)}`, region: inRegion, prefix };
	if (endpoint !== undefined) {
		const { origin } = new URL(endpoint);
		return { ...inPath, origin, description: `${description}, at ${origin}` };
	}
	const host = `s3.${inRegion}.amazonaws.com`;
	return bucket.includes('.')
		? { ...inPath, origin: `https://${host}`, description }
		: { ...inPath, root: '', origin: `https://${bucket}.${host}`, description };
};

/** The key of a path of the store. @throws SlipwayError STORE_PATH_INVALID */
export const toKey = ({ prefix }: BucketAddress, path: string): string => {
	const key = prefix + path;
	if (Buffer.byteLength(key) > MAX_KEY_BYTES)
		throw invalidPath(path, `makes a key of more than ${MAX_KEY_BYTES} bytes`);
	return key;
};

/** Path of a request about an object. */
export const toObjectPath = ({ root }: BucketAddress, key: string): string =>
	`${root}/${key.split('/').map(encodeSegment).join('/')}`;

/** Query of a request, encoded as signatures want it. */
export const toQuery = (parameters: Readonly<Record<string, string>>): string =>
	Object.entries(parameters)
		.map(([name, value]) => `${encodeSegment(name)}=${encodeSegment(value)}`)
		.join('&');
