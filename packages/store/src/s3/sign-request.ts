import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest } from '@slipway/http';

/** Who asks. Each field but the id is a secret. */
export interface S3Credentials {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken?: string | undefined;
}

export interface SignOptions {
	readonly credentials: S3Credentials;
	readonly region: string;
	/** Host header of the request, with the port where it is not the scheme's own. */
	readonly host: string;
	/** Milliseconds since 1970. */
	readonly now: number;
	/** Hex digest of the body. */
	readonly bodySha256: string;
}

type Headers = Readonly<Record<string, string>>;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export const toSha256 = (bytes: Uint8Array | string): string =>
	createHash('sha256').update(bytes).digest('hex');

/** Parameters of an encoded query, sorted, each with its `=`. */
const toCanonicalQuery = (query: string): string =>
	query
		.split('&')
		.filter((part) => part !== '')
		.map((part) => (part.includes('=') ? part : `${part}=`))
		.sort((a, b) => (a < b ? -1 : 1))
		.join('&');

const toCanonicalHeaders = (headers: Headers): { readonly text: string; readonly names: string } => {
	const sorted = Object.entries(headers)
		.map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return {
		text: sorted.map(([name, value]) => `${name}:${value}\n`).join(''),
		names: sorted.map(([name]) => name).join(';'),
	};
};

/**
 * All headers of a request, with its signature (AWS Signature Version 4 for S3: the path is signed as it is sent, the
 * body by its digest). Every header given is signed.
 */
export const signRequest = (
	{ method, path, headers = {} }: Pick<HttpRequest, 'method' | 'path' | 'headers'>,
	{ credentials, region, host, now, bodySha256 }: SignOptions,
): Headers => {
	const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
	const date = time.slice(0, 8);
	const { accessKeyId, secretAccessKey, sessionToken } = credentials;
	const signed = {
		...headers,
		'x-amz-content-sha256': bodySha256,
		'x-amz-date': time,
		...(sessionToken && { 'x-amz-security-token': sessionToken }),
	};
	const { text, names } = toCanonicalHeaders({ ...signed, host });
	const [place = '', query = ''] = path.split('?', 2);
	const canonical = [method, place, toCanonicalQuery(query), text, names, bodySha256].join('\n');
	const scope = `${date}/${region}/s3/aws4_request`;
	const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secretAccessKey}`, date), region));
	const toSign = ['AWS4-HMAC-SHA256', time, scope, toSha256(canonical)].join('\n');
	const signature = hmac(key, toSign).toString('hex');
	return {
		...signed,
		authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
	};
};
