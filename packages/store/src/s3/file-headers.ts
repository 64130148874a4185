import { extname } from 'node:path';

/** What a file is served with over HTTP, straight from the bucket. */
export interface FileHeaders {
	readonly contentType?: string | undefined;
	/** Default `no-cache`: kept, but asked about before each use. */
	readonly cacheControl?: string | undefined;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
	'.asc': 'application/pgp-keys',
	'.deb': 'application/vnd.debian.binary-package',
	'.gpg': 'application/pgp-signature',
	'.gz': 'application/gzip',
	'.html': 'text/html; charset=utf-8',
	'.json': 'application/json',
	'.jsonl': 'application/jsonl',
	'.tgz': 'application/gzip',
	'.txt': 'text/plain; charset=utf-8',
	'.xz': 'application/x-xz',
	'.zst': 'application/zstd',
};

/** Headers of a write, from what its opener says of the path, else from the ending of its name. */
export const toObjectHeaders = (
	path: string,
	{ contentType, cacheControl }: FileHeaders = {},
): Readonly<Record<string, string>> => ({
	'content-type': contentType ?? CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
	'cache-control': cacheControl ?? 'no-cache',
});
